/** Conditional blocks: what is shown to whom. Slots stand in the order of the conditions, the rest comes last. */
import { allBlocks, type Block, type Condition, newBlockId, placeOf } from './blocks';

export const MOST_VARIANTS = 8;
const everyone = (): Condition => ({ match: 'all', conditions: [] });

export const conditionsOf = (block: Block): Condition[] => [block.condition ?? everyone(), ...(block.variants ?? [])];

/** The same block with another condition for one of its variants. */
export function withCondition(block: Block, number: number, condition: Condition): Partial<Block> {
  if (number === 0) return { condition };
  return { variants: (block.variants ?? []).map((item, index) => (index === number - 1 ? condition : item)) };
}

/** One more variant, asked after the others and before the rest. */
export function addVariant(block: Block): Partial<Block> {
  const slots = block.slots ?? [];
  const before = conditionsOf(block).length;
  const rest = slots.slice(before);
  return {
    variants: [...(block.variants ?? []), everyone()],
    slots: [...slots.slice(0, before), [], ...(rest.length > 0 ? rest : [[]])],
  };
}

/** Without one of its variants and what that showed; the first and only one stays. */
export function dropVariant(block: Block, number: number): Partial<Block> {
  const kept = conditionsOf(block).filter((_, index) => index !== number);
  const [condition, ...variants] = kept;
  if (!condition) return {};
  return { condition, variants, slots: (block.slots ?? []).filter((_, index) => index !== number) };
}

/** The block goes into a condition that stands where it stood. */
export function wrapBlock(root: Block[], id: string): { blocks: Block[]; id: string } | undefined {
  const block = allBlocks(root).find((item) => item.id === id);
  const place = placeOf(root, id);
  if (!block || !place) return undefined;
  const around: Block = {
    id: newBlockId(root),
    type: 'conditional',
    props: {},
    condition: everyone(),
    slots: [[block], []],
  };
  return { blocks: replaceBlock(root, id, [around]), id: around.id };
}

/** What a conditional block shows first stands for everybody; its other branches are gone. */
export function unwrapBlock(root: Block[], id: string): Block[] {
  const block = allBlocks(root).find((item) => item.id === id);
  return block?.type === 'conditional' || block?.type === 'snippet'
    ? replaceBlock(root, id, block.slots?.[0] ?? [])
    : root;
}

export function replaceBlock(root: Block[], id: string, by: Block[]): Block[] {
  const inside = (blocks: Block[]): Block[] =>
    blocks.flatMap((block) =>
      block.id === id ? by : [block.slots ? { ...block, slots: block.slots.map(inside) } : block],
    );
  return inside(root);
}

export const hasRest = (block: Block) => (block.slots?.length ?? 0) > conditionsOf(block).length;
