import { inRunOrder, isWayBack, wayForward } from './migrations.js';

describe('migrations in a folder', () => {
  it.each([
    [
      ['10_c.sql', '9_b.sql', '1_a.sql'],
      ['1_a.sql', '9_b.sql', '10_c.sql'],
    ],
    [
      ['R__views.sql', 'V10__d.sql', 'V1_1__b.sql', 'V1__a.sql', 'V2__c.sql', 'V1.10__b2.sql'],
      ['V1__a.sql', 'V1_1__b.sql', 'V1.10__b2.sql', 'V2__c.sql', 'V10__d.sql', 'R__views.sql'],
    ],
    [
      ['20240301000000_b/migration.sql', '20240201000000_a/migration.sql'],
      ['20240201000000_a/migration.sql', '20240301000000_b/migration.sql'],
    ],
    [
      ['types.sql', 'a/2.sql', 'a/10.sql'],
      ['a/2.sql', 'a/10.sql', 'types.sql'],
    ],
  ])('%j are run in the order %j', (given, order) => {
    expect([...given].sort(inRunOrder)).toEqual(order);
  });

  it('leaves out ways back in files of their own', () => {
    const names = [
      '1_a.up.sql',
      '1_a.down.sql',
      '2/up.sql',
      '2/down.sql',
      'V1__a.sql',
      'U1__a.sql',
      'countdown.sql',
      'a-rollback.sql',
    ];
    expect(names.filter((name) => !isWayBack(name))).toEqual(['1_a.up.sql', '2/up.sql', 'V1__a.sql', 'countdown.sql']);
  });

  it.each(['-- +goose Down', '-- +migrate Down', '-- migrate:down', '--migrate:down transaction:false'])(
    'blanks out what stands under %j, places kept',
    (mark) => {
      const up = mark.replace(/down/iu, 'up');
      const text = `${up}\ncreate table t (a int);\n${mark}\ndrop table t;\n${up}\ncreate table u (a int);\n`;
      const kept = wayForward(text);
      expect(kept).toHaveLength(text.length);
      expect(kept.split('\n').map((line) => line.trim())).toEqual([
        up,
        'create table t (a int);',
        '',
        '',
        up,
        'create table u (a int);',
        '',
      ]);
    },
  );
});
