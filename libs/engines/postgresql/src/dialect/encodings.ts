/** The encodings of the server as it prints them. */
const names =
  'SQL_ASCII EUC_JP EUC_CN EUC_KR EUC_TW EUC_JIS_2004 UTF8 MULE_INTERNAL LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 ' +
  'LATIN8 LATIN9 LATIN10 WIN1256 WIN1258 WIN866 WIN874 KOI8R WIN1251 WIN1252 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8 ' +
  'WIN1250 WIN1253 WIN1254 WIN1255 WIN1257 KOI8U SJIS BIG5 GBK UHC GB18030 JOHAB SHIFT_JIS_2004';

const clean = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const aliases: { readonly [name: string]: string } = {
  unicode: 'UTF8',
  iso88591: 'LATIN1',
  iso88592: 'LATIN2',
  iso88593: 'LATIN3',
  iso88594: 'LATIN4',
  iso88599: 'LATIN5',
  iso885910: 'LATIN6',
  iso885913: 'LATIN7',
  iso885914: 'LATIN8',
  iso885915: 'LATIN9',
  iso885916: 'LATIN10',
  koi8: 'KOI8R',
  alt: 'WIN866',
  win: 'WIN1251',
  tcvn: 'WIN1258',
  abc: 'WIN1258',
  vscii: 'WIN1258',
  mskanji: 'SJIS',
  shiftjis: 'SJIS',
  win932: 'SJIS',
  windows932: 'SJIS',
  win936: 'GBK',
  windows936: 'GBK',
  win949: 'UHC',
  windows949: 'UHC',
  win950: 'BIG5',
  windows950: 'BIG5',
};

const known = new Map([...names.split(' ').map((name) => [clean(name), name] as const), ...Object.entries(aliases)]);

/** An encoding as the server prints it, however it was written. */
export const encodingName = (written: string): string =>
  known.get(clean(written)) ?? known.get(clean(written).replace(/^windows/, 'win')) ?? written;
