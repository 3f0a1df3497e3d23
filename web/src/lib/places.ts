/** Countries, languages and time zones by name, from what the browser knows. */
type Option = { value: string; label: string };

const languages =
  'ar bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ja ka kk ko lt lv mk ms mt nb nl pl pt ro ru sk sl sq sr sv sw ta th tr uk ur vi zh'.split(
    ' ',
  );
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Old codes that the browser still names. */
const former = new Set([
  'AN',
  'BU',
  'CS',
  'DD',
  'EU',
  'EZ',
  'FX',
  'NT',
  'QO',
  'QU',
  'SU',
  'TP',
  'UK',
  'UN',
  'XA',
  'XB',
]);
const outdated = new Set([
  'AC',
  'CP',
  'CQ',
  'DG',
  'DY',
  'EA',
  'HV',
  'IC',
  'NH',
  'RH',
  'TA',
  'VD',
  'YD',
  'YU',
  'ZR',
  'ZZ',
]);

function sorted(options: Option[], locale: string): Option[] {
  return options.sort((one, two) => one.label.localeCompare(two.label, locale));
}

export function countryOptions(locale: string): Option[] {
  const names = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' });
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  const known = codes.flatMap((value) => {
    const label = former.has(value) || outdated.has(value) ? undefined : names.of(value);
    return label ? [{ value, label }] : [];
  });
  return sorted(known, locale);
}

/** The usual ones, and the one at hand. */
export function languageOptions(locale: string, current?: string): Option[] {
  const names = new Intl.DisplayNames([locale], { type: 'language' });
  const values = current && !languages.includes(current) ? [...languages, current] : languages;
  return sorted(
    values.map((value) => ({ value, label: names.of(value) ?? value })),
    locale,
  );
}

export function zoneOptions(current?: string): Option[] {
  const zones = Intl.supportedValuesOf('timeZone');
  const values = current && !zones.includes(current) ? [...zones, current] : zones;
  return values.map((value) => ({ value, label: value.replaceAll('_', ' ') }));
}
