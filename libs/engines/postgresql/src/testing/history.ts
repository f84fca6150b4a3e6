import { type Chance, chanceOf } from './chance.js';
import { operations } from './operations.js';
import { type Subject, type Table, type Version, type World, worldOf } from './world.js';

export type { Subject, Version } from './world.js';

/** The trades whose histories are replayed. */
export const subjects: { readonly [trade: string]: Subject } = {
  shop: {
    seed: 7,
    tables: 'customer product category basket purchase payment parcel voucher review supplier stock refund'.split(' '),
    columns: 'title price weight colour size note amount code rating quantity shipped_at email'.split(' '),
    labels: ['draft', 'paid', 'sent', 'returned'],
  },
  clinic: {
    seed: 11,
    tables: 'patient doctor visit ward bed diagnosis prescription drug invoice insurer consent referral'.split(' '),
    columns: 'family_name born dose room reason started_on phone weight note icd_code status_text fee'.split(' '),
    labels: ['planned', 'present', 'gone', 'no show'],
  },
  ledger: {
    seed: 23,
    tables: 'account entry posting currency period balance counterparty statement tax audit_note batch mandate'.split(
      ' ',
    ),
    columns: 'amount booked_at reference iban rate memo limit_amount valid_from approved_by hash number text'.split(
      ' ',
    ),
    labels: ['open', 'closed', 'locked', "can't say"],
  },
};

const pick = (world: World, chance: Chance): Version => {
  for (;;) {
    const made = chance.one(operations)(world, chance);
    if (made) return made;
  }
};

/** Data and remarks that real migrations carry along; they change no object. */
const dressed = (version: Version, table: Table | undefined, chance: Chance): Version => {
  if (!table || chance.below(4) > 0) return version;
  const data = `-- take out; what was left\nDELETE FROM ${table.path} WHERE id < 0; -- it's fine;\n`;
  return { ...version, up: `${version.up}\n${data}` };
};

/** A history of so many versions, always the same for a subject. */
export const historyOf = (subject: Subject, length: number): readonly Version[] => {
  const [world, chance] = [worldOf(subject), chanceOf(subject.seed)];
  return Array.from({ length }, () => {
    const version = pick(world, chance);
    return dressed(version, world.tables[0], chance);
  });
};
