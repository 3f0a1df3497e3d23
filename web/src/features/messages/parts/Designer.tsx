/** The designer: blocks and outline on the left, the sheet or its preview in the middle, settings on the right. */
import { ActionIcon, Box, Group, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPencil, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Contact } from '@/pickers/api';
import { BuilderFrame } from '@/ui/BuilderFrame';
import { ConflictDialog } from '@/ui/ConflictDialog';
import { HistoryButtons } from '@/ui/HistoryButtons';
import { SavedIndicator } from '@/ui/SavedIndicator';
import { LoadingRows } from '@/ui/States';
import { useEditor } from '@/ui/use-editor';
import { type Content, type Message, messageQuery, saveMessage } from '../api';
import { copyBlocks } from '../blocks';
import type { SavedRow } from '../library-api';
import { useDesign } from '../use-design';
import { useDropped } from '../use-dropped';
import { replaceBlock } from '../variants';
import { BlockForm } from './BlockForm';
import { AddBlock, BlockPalette } from './BlockPalette';
import { MessageForm } from './MessageForm';
import { Outline } from './Outline';
import { blocksOf, SavedRows } from './SavedRows';
import { SendTest } from './SendTest';
import { Stage } from './Stage';
import { Versions } from './Versions';
import { type View, ViewSwitch } from './ViewSwitch';

const Writing = lazy(() => import('./Writing').then((module) => ({ default: module.Writing })));

const contentOf = ({ name, subject, preheader, document }: Message): Content => ({
  name,
  subject,
  preheader,
  document,
});

export function Designer({ message }: { message: Message }) {
  const { t } = useTranslation('messages');
  const client = useQueryClient();
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false;
  const mayEdit = useMay('editor');
  const [first] = useState(() => contentOf(message));
  const editor = useEditor(first, message.revision, async (content, revision) => {
    const answer = await saveMessage(message.id, revision, { ...content, name: content.name.trim() || message.name });
    client.setQueryData(messageQuery(message.id).queryKey, answer);
    return answer.revision;
  });
  const content = editor.document;
  const blocks = content.document.blocks ?? [];
  const isBlocks = content.document.kind === 'email';
  const [contact, setContact] = useState<Contact | null>(null);
  const [view, setView] = useState<View>(isBlocks ? 'edit' : 'desktop');
  const [isOpen, setOpen] = useState(false);
  const design = useDesign(
    blocks,
    (next, mark) =>
      next !== blocks && editor.edit({ ...content, document: { ...content.document, blocks: next } }, mark),
  );
  const { block } = design;
  /** The block becomes the snippet, in the message as the server has it now: it may hold the snippet elsewhere too. */
  const hold = async (row: SavedRow, blockId: string) => {
    const fresh = await client.fetchQuery({ ...messageQuery(message.id), staleTime: 0 });
    const now = contentOf(fresh);
    editor.adopt(now, fresh.revision);
    const root = now.document.blocks ?? [];
    const held = replaceBlock(root, blockId, copyBlocks(root, blocksOf(row)));
    editor.edit({ ...now, document: { ...now.document, blocks: held } });
  };
  useDropped(design);
  const inspector = (!isNarrow || isOpen) && (
    <Box p="md">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Text fw={600}>{block ? t(`blocks.${block.type}`) : t('settings')}</Text>
        {(block || isNarrow) && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('close')}
            onClick={() => (isNarrow ? setOpen(false) : design.select(null))}
          >
            <IconX size={16} />
          </ActionIcon>
        )}
      </Group>
      {block ? (
        <BlockForm key={block.id} block={block} design={design} />
      ) : (
        <MessageForm content={content} onChange={editor.edit} />
      )}
    </Box>
  );
  return (
    <>
      <BuilderFrame
        back="/messages"
        heading={
          <>
            <Text component="h1" fw={600} truncate>
              {content.name}
            </Text>
            <SavedIndicator state={editor.state} />
          </>
        }
        actions={
          <>
            {mayEdit && <HistoryButtons {...editor} />}
            {mayEdit && (
              <Versions
                messageId={message.id}
                save={editor.save}
                onRestored={(restored) => {
                  client.setQueryData(messageQuery(message.id).queryKey, restored);
                  editor.adopt(contentOf(restored), restored.revision);
                }}
              />
            )}
            <ViewSwitch value={view} onChange={setView} canWrite={isBlocks} isSmall={isNarrow} />
            {mayEdit && isNarrow && isBlocks && view === 'edit' && <AddBlock onAdd={(type) => design.add(type)} />}
            {mayEdit && isNarrow && !isBlocks && (
              <ActionIcon variant="default" size={34} aria-label={t('edit')} onClick={() => setOpen(true)}>
                <IconPencil size={16} />
              </ActionIcon>
            )}
            {mayEdit && (
              <SendTest messageId={message.id} contactId={contact?.id} save={editor.save} isSmall={isNarrow} />
            )}
          </>
        }
        palette={
          mayEdit &&
          isBlocks && (
            <Box p="sm">
              <BlockPalette onAdd={(type) => design.add(type)} />
              <SavedRows design={design} />
              <Text fw={600} size="sm" mt="md" mb={4}>
                {t('outline')}
              </Text>
              <Outline blocks={blocks} selected={design.selected} onSelect={design.select} />
            </Box>
          )
        }
        inspector={mayEdit && inspector}
      >
        {view === 'edit' ? (
          <Suspense fallback={<LoadingRows />}>
            <Writing
              content={content}
              design={design}
              saving={{ before: editor.save, after: hold }}
              mayEdit={mayEdit}
              onContent={editor.edit}
              onUndo={editor.undo}
              onRedo={editor.redo}
              onSettings={isNarrow ? () => setOpen(true) : undefined}
            />
          </Suspense>
        ) : (
          <Stage content={content} contact={contact} onContact={setContact} look={view} />
        )}
      </BuilderFrame>
      <ConflictDialog opened={editor.hasConflict} />
    </>
  );
}
