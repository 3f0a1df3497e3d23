/** The tag a name makes: "This week's offer" is THIS_WEEK_S_OFFER. */
export function tagOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  const tag = plain
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[0-9_]+|_+$/g, '')
    .slice(0, 61);
  return tag.length < 2 ? '' : tag;
}
