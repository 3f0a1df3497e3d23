/** What is chosen on the sheet, where the next block goes, and everything that can be done to blocks. */
import { announce } from '@atlaskit/pragmatic-drag-and-drop-live-region';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as tree from './blocks';
import { unwrapBlock, wrapBlock } from './variants';

type Apply = (next: tree.Block[], mark?: string) => void;
export type Design = ReturnType<typeof useDesign>;

export function useDesign(blocks: tree.Block[], apply: Apply) {
  const { t } = useTranslation('messages');
  const [selected, setSelected] = useState<string | null>(null);
  const [spot, setSpot] = useState<string | null>(null);
  const [shown, setShown] = useState<Record<string, number>>({});
  const toFocus = useRef<string | null>(null);
  const find = (id: string | null) => (id ? tree.allBlocks(blocks).find((item) => item.id === id) : undefined);
  // A block that went elsewhere is drawn anew; whoever moved it goes on from there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the blocks are what was drawn
  useEffect(() => {
    if (!toFocus.current) return;
    const element = document.querySelector<HTMLElement>(`[data-testid="sheet-${toFocus.current}"]`);
    toFocus.current = null;
    if (element && !element.contains(document.activeElement)) element.focus();
  }, [blocks]);

  /** Branches are shown one at a time: the one that holds a block comes to the front. */
  const reveal = (root: tree.Block[], id: string) => {
    const branches: Record<string, number> = {};
    for (let place = tree.placeOf(root, id); place && place.list !== tree.ROOT; ) {
      const owner = tree.ownerOf(place.list);
      branches[owner] = Number(place.list.split('/')[1]);
      place = tree.placeOf(root, owner);
    }
    setShown((current) => ({ ...current, ...branches }));
  };
  const select = (id: string | null) => {
    setSelected(id);
    setSpot(null);
    if (id) reveal(blocks, id);
  };
  const behind = (): tree.Place => {
    if (spot && find(tree.ownerOf(spot))) return { list: spot, index: tree.blocksIn(blocks, spot).length };
    const place = selected ? tree.placeOf(blocks, selected) : undefined;
    return place ? { list: place.list, index: place.index + 1 } : { list: tree.ROOT, index: blocks.length };
  };
  /** Where it may not stand it goes behind what stands around the place. */
  const insert = (made: tree.Block[], wanted: tree.Place = behind()) => {
    let place = wanted;
    while (!made.every((block) => tree.mayHold(blocks, place.list, block))) {
      const around = tree.placeOf(blocks, tree.ownerOf(place.list));
      if (!around) return;
      place = { list: around.list, index: around.index + 1 };
    }
    const next = made.reduceRight((root, block) => tree.insertBlock(root, place, block), blocks);
    const last = made.at(-1);
    if (!last) return;
    apply(next);
    setSelected(last.id);
    setSpot(null);
    reveal(next, last.id);
  };
  const moved = (next: tree.Block[], id: string) => {
    if (next === blocks) return;
    toFocus.current = id;
    apply(next);
    reveal(next, id);
    const place = tree.placeOf(next, id);
    if (place) announce(t('moved', { place: place.index + 1, count: tree.blocksIn(next, place.list).length }));
  };
  return {
    blocks,
    selected: find(selected) ? selected : null,
    block: find(selected),
    spot,
    shown,
    select,
    /** The next block goes to the end of this column or branch. */
    choosePlace: (list: string) => {
      setSelected(list === tree.ROOT ? null : tree.ownerOf(list));
      setSpot(list);
    },
    showBranch: (id: string, number: number) => {
      setShown((current) => ({ ...current, [id]: number }));
      setSelected(id);
      setSpot(tree.slotList(id, number));
    },
    add: (type: tree.BlockType, place?: tree.Place, props?: Record<string, unknown>) => {
      const made = tree.makeBlock(tree.newBlockId(blocks), type);
      insert([props ? { ...made, props: { ...made.props, ...props } } : made], place);
    },
    /** Blocks kept elsewhere, with new ids. */
    paste: (kept: tree.Block[], place?: tree.Place) => insert(tree.copyBlocks(blocks, kept), place),
    move: (id: string, place: tree.Place) => {
      setSelected(id);
      setSpot(null);
      moved(tree.moveBlock(blocks, id, place), id);
    },
    shift: (id: string, by: -1 | 1) => moved(tree.shiftBlock(blocks, id, by), id),
    tuck: (id: string, by: -1 | 1) => moved(tree.tuckBlock(blocks, id, by), id),
    duplicate: (id: string) => apply(tree.duplicateBlock(blocks, id)),
    remove: (id: string) => {
      apply(tree.removeBlock(blocks, id));
      setSelected(null);
      setSpot(null);
    },
    wrap: (id: string) => {
      const wrapped = wrapBlock(blocks, id);
      if (!wrapped) return;
      apply(wrapped.blocks);
      setSelected(wrapped.id);
      setSpot(null);
    },
    unwrap: (id: string) => {
      apply(unwrapBlock(blocks, id));
      setSelected(null);
    },
    update: (id: string, part: Partial<tree.Block>, mark?: string) => apply(tree.updateBlock(blocks, id, part), mark),
    replaceAll: apply,
  };
}
