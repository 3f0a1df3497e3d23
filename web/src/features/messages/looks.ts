/** Icons of the blocks, and the line that stands for one in the outline. */
import {
  type Icon,
  IconBoxMargin,
  IconCode,
  IconColumns2,
  IconDirections,
  IconHeading,
  IconLayoutBottombar,
  IconLayoutNavbar,
  IconListCheck,
  IconMovie,
  IconPhoto,
  IconRectangle,
  IconRefresh,
  IconSeparatorHorizontal,
  IconShare3,
  IconSpacingVertical,
  IconTable,
  IconTypography,
} from '@tabler/icons-react';
import type { Block, BlockType } from './blocks';

export const blockIcons: Record<BlockType, Icon> = {
  heading: IconHeading,
  text: IconTypography,
  image: IconPhoto,
  button: IconRectangle,
  columns: IconColumns2,
  divider: IconSeparatorHorizontal,
  spacer: IconSpacingVertical,
  conditional: IconDirections,
  section: IconBoxMargin,
  list: IconListCheck,
  table: IconTable,
  video: IconMovie,
  menu: IconLayoutNavbar,
  social: IconShare3,
  html: IconCode,
  footer: IconLayoutBottombar,
  snippet: IconRefresh,
};

/** What the block says, for the outline; empty where it says nothing. */
export function excerpt(block: Block): string {
  const { text, html, label, alt } = block.props ?? {};
  return String(text ?? label ?? alt ?? (typeof html === 'string' ? html.replace(/<[^>]+>/g, ' ') : ''))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Fonts that nearly every mail program has; others fall back anyway. */
export const fonts = [
  'Helvetica, Arial, sans-serif',
  'Arial, Helvetica, sans-serif',
  'Verdana, Geneva, sans-serif',
  "'Trebuchet MS', Helvetica, sans-serif",
  "Georgia, 'Times New Roman', serif",
  "'Times New Roman', Times, serif",
  "'Courier New', Courier, monospace",
];
