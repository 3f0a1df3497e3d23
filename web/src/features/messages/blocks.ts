/** The tree of blocks of a message: pure operations on the document that the server checks and renders. */
export type Block = {
  id: string;
  type: BlockType;
  props?: Record<string, unknown>;
  slots?: Block[][];
  condition?: Condition;
  /** Conditions of the further variants of a conditional block, in the order of their slots. */
  variants?: Condition[];
};
export type Condition = { match: 'all' | 'any' | 'none'; conditions: unknown[] };
export const blockTypes = [
  'heading',
  'text',
  'image',
  'button',
  'columns',
  'section',
  'conditional',
  'list',
  'table',
  'video',
  'menu',
  'social',
  'divider',
  'spacer',
  'html',
  'footer',
] as const;
/** A snippet comes from the saved rows, not from the palette. */
export type BlockType = (typeof blockTypes)[number] | 'snippet';
export type MessageDocument = {
  version: 1;
  kind: 'email' | 'html' | 'mjml' | 'markdown' | 'text';
  settings?: Record<string, unknown>;
  blocks?: Block[];
  html?: string;
  mjml?: string;
  markdown?: string;
  text?: string;
};

/** Where a block goes: "root" or "<block id>/<slot>", and the index there. */
export type Place = { list: string; index: number };
export const ROOT = 'root';
export const slotList = (id: string, slot: number) => `${id}/${slot}`;

const beginnings: Record<BlockType, Omit<Block, 'id' | 'type'>> = {
  heading: { props: { text: 'A new heading', level: 2 } },
  text: { props: { html: '<p>Write here.</p>' } },
  image: { props: { src: '', alt: '' } },
  button: { props: { label: 'Read more', href: 'https://' } },
  columns: { props: {}, slots: [[], []] },
  divider: { props: {} },
  spacer: { props: { height: 24 } },
  conditional: { props: {}, condition: { match: 'all', conditions: [] }, slots: [[], []] },
  section: { props: { background: '#eef0fb', padding: 24 }, slots: [[]] },
  list: {
    props: {
      items: [
        { label: 'First', icon: '✓' },
        { label: 'Second', icon: '✓' },
      ],
    },
  },
  table: {
    props: {
      rows: [
        ['', ''],
        ['', ''],
      ],
      has_header: true,
    },
  },
  video: { props: { href: '', src: '', alt: 'Watch the video' } },
  menu: {
    props: {
      items: [
        { label: 'Shop', href: 'https://' },
        { label: 'About us', href: 'https://' },
      ],
    },
  },
  social: {
    props: {
      items: [
        { label: 'LinkedIn', href: 'https://' },
        { label: 'Instagram', href: 'https://' },
      ],
    },
  },
  html: { props: { html: '' } },
  snippet: { props: {}, slots: [[]] },
  footer: { props: { html: '<p>You get this because you signed up.</p>', unsubscribe: 'Unsubscribe' } },
};

export const makeBlock = (id: string, type: BlockType): Block => ({ id, type, ...structuredClone(beginnings[type]) });

function mapLists(list: string, blocks: Block[], change: (list: string, blocks: Block[]) => Block[]): Block[] {
  const inner = blocks.map((block) =>
    block.slots
      ? { ...block, slots: block.slots.map((items, slot) => mapLists(slotList(block.id, slot), items, change)) }
      : block,
  );
  return change(list, inner);
}

export const allBlocks = (blocks: Block[]): Block[] =>
  blocks.flatMap((block) => [block, ...(block.slots ?? []).flatMap(allBlocks)]);

export const insertBlock = (root: Block[], place: Place, block: Block): Block[] =>
  mapLists(ROOT, root, (list, blocks) =>
    list === place.list ? [...blocks.slice(0, place.index), block, ...blocks.slice(place.index)] : blocks,
  );

export const removeBlock = (root: Block[], id: string): Block[] =>
  mapLists(ROOT, root, (_, blocks) => blocks.filter((block) => block.id !== id));

export const updateBlock = (root: Block[], id: string, part: Partial<Block>): Block[] =>
  mapLists(ROOT, root, (_, blocks) => blocks.map((block) => (block.id === id ? { ...block, ...part } : block)));

export function placeOf(root: Block[], id: string, list = ROOT): Place | undefined {
  for (const [index, block] of root.entries()) {
    if (block.id === id) return { list, index };
    for (const [slot, items] of (block.slots ?? []).entries()) {
      const found = placeOf(items, id, slotList(block.id, slot));
      if (found) return found;
    }
  }
  return undefined;
}

/** Move a block with all it holds. Into itself, or columns into columns, changes nothing. */
export function moveBlock(root: Block[], id: string, place: Place): Block[] {
  const block = allBlocks(root).find((item) => item.id === id);
  if (!block || !mayHold(root, place.list, block)) return root;
  const marker: Block = { id: '__moving', type: 'divider' };
  const marked = insertBlock(root, place, marker);
  return mapLists(ROOT, removeBlock(marked, id), (_, items) =>
    items.map((item) => (item.id === '__moving' ? block : item)),
  );
}

/** Columns hold no columns and no sections, sections hold no sections, and nothing holds itself. */
export function mayHold(root: Block[], list: string, block: Block): boolean {
  if (list === ROOT) return true;
  const owner = ownerOf(list);
  if (allBlocks(root).some((item) => item.id === owner && item.type === 'snippet')) return false;
  const held = allBlocks([block]);
  if (held.some((inner) => inner.id === owner)) return false;
  const around = allBlocks(root).filter((item) => allBlocks([item]).some((inner) => inner.id === owner));
  const isIn = (type: BlockType) => around.some((item) => item.type === type);
  const has = (type: BlockType) => held.some((item) => item.type === type);
  return !(has('columns') && isIn('columns')) && !(has('section') && (isIn('columns') || isIn('section')));
}

export const ownerOf = (list: string) => list.split('/')[0] ?? '';

/** The blocks of one list: the sheet itself, a column, a branch. */
export function blocksIn(root: Block[], list: string): Block[] {
  if (list === ROOT) return root;
  const owner = allBlocks(root).find((block) => block.id === ownerOf(list));
  return owner?.slots?.[Number(list.split('/')[1])] ?? [];
}

/** One place up or down; at the end of what it stands in, out of it. */
export function shiftBlock(root: Block[], id: string, by: -1 | 1): Block[] {
  const place = placeOf(root, id);
  if (!place) return root;
  const index = by === -1 ? place.index - 1 : place.index + 2;
  if (index >= 0 && index <= blocksIn(root, place.list).length) {
    return moveBlock(root, id, { list: place.list, index });
  }
  const around = place.list === ROOT ? undefined : placeOf(root, ownerOf(place.list));
  return around ? moveBlock(root, id, { ...around, index: around.index + (by === 1 ? 1 : 0) }) : root;
}

/** Sideways: to the next column or branch of what it stands in; on the sheet, into the block before or behind it. */
export function tuckBlock(root: Block[], id: string, by: -1 | 1): Block[] {
  const place = placeOf(root, id);
  if (!place) return root;
  const siblings = blocksIn(root, place.list);
  const owner = allBlocks(root).find((block) => block.id === ownerOf(place.list));
  const slot = owner ? Number(place.list.split('/')[1]) + by : -1;
  const next = owner?.slots?.[slot];
  if (owner && next) return moveBlock(root, id, { list: slotList(owner.id, slot), index: next.length });
  const beside = siblings[place.index + by];
  if (!beside?.slots) return root;
  const into = by === 1 ? 0 : beside.slots.length - 1;
  return moveBlock(root, id, { list: slotList(beside.id, into), index: beside.slots[into]?.length ?? 0 });
}

export function newBlockId(root: Block[]): string {
  const taken = new Set(allBlocks(root).map((block) => block.id));
  let number = taken.size + 1;
  while (taken.has(`b${number}`)) number += 1;
  return `b${number}`;
}

/** Copies with ids that the message does not have yet. */
export function copyBlocks(root: Block[], blocks: Block[]): Block[] {
  const taken = new Set(allBlocks(root).map((item) => item.id));
  const fresh = () => {
    let number = taken.size + 1;
    while (taken.has(`b${number}`)) number += 1;
    taken.add(`b${number}`);
    return `b${number}`;
  };
  const copy = (item: Block): Block => ({
    ...structuredClone(item),
    id: fresh(),
    ...(item.slots ? { slots: item.slots.map((slot) => slot.map(copy)) } : {}),
  });
  return blocks.map(copy);
}

/** A copy with ids of its own, put right behind the original. */
export function duplicateBlock(root: Block[], id: string): Block[] {
  const block = allBlocks(root).find((item) => item.id === id);
  const place = placeOf(root, id);
  const [copy] = block ? copyBlocks(root, [block]) : [];
  return copy && place ? insertBlock(root, { list: place.list, index: place.index + 1 }, copy) : root;
}

export type Item = { label: string; href?: string; icon?: string };
export const itemsOf = (block: Block): Item[] => (block.props?.items as Item[] | undefined) ?? [];
export const rowsOf = (block: Block): string[][] => (block.props?.rows as string[][] | undefined) ?? [['', '']];
