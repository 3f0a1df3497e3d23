/** The designer: blocks and outline on the left, the real message in the middle, settings on the right. */
import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Box, Group, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDeviceDesktop, IconDeviceMobile, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Contact } from '@/pickers/api';
import { ContactPicker } from '@/pickers/ContactPicker';
import { BuilderFrame } from '@/ui/BuilderFrame';
import { ConflictDialog } from '@/ui/ConflictDialog';
import { HistoryButtons } from '@/ui/HistoryButtons';
import { SavedIndicator } from '@/ui/SavedIndicator';
import { useEditor } from '@/ui/use-editor';
import { type Content, type Message, messageQuery, saveMessage } from '../api';
import * as tree from '../blocks';
import { BlockForm } from './BlockForm';
import { BlockPalette } from './BlockPalette';
import { MessageForm } from './MessageForm';
import { Outline } from './Outline';
import { SendTest } from './SendTest';
import { Stage } from './Stage';

const contentOf = ({ name, subject, preheader, document }: Message): Content => ({
  name,
  subject,
  preheader,
  document,
});

export function Designer({ message }: { message: Message }) {
  const { t } = useTranslation('messages');
  const client = useQueryClient();
  const isNarrow = useMediaQuery('(max-width: 48em)');
  const mayEdit = useMay('editor') && !isNarrow;
  const [first] = useState(() => contentOf(message));
  const editor = useEditor(first, message.revision, async (content, revision) => {
    const answer = await saveMessage(message.id, revision, { ...content, name: content.name.trim() || message.name });
    client.setQueryData(messageQuery(message.id).queryKey, answer);
    return answer.revision;
  });
  const content = editor.document;
  const blocks = content.document.blocks ?? [];
  const [selected, setSelected] = useState<string | null>(null);
  const [contact, setContact] = useState<Contact | null>(null);
  const [width, setWidth] = useState('desktop');
  const block = selected ? tree.allBlocks(blocks).find((item) => item.id === selected) : undefined;
  const setBlocks = (next: tree.Block[]) =>
    next !== blocks && editor.edit({ ...content, document: { ...content.document, blocks: next } });
  const add = (type: tree.BlockType, place: tree.Place = { list: tree.ROOT, index: blocks.length }) => {
    const made = tree.makeBlock(tree.newBlockId(blocks), type);
    if (!tree.mayHold(blocks, place.list, made)) return;
    setBlocks(tree.insertBlock(blocks, place, made));
    setSelected(made.id);
  };
  const drop = useRef<(data: Record<string, unknown>, place: tree.Place) => void>(() => {});
  drop.current = (data, place) => {
    if (data.kind === 'new') add(data.type as tree.BlockType, place);
    else setBlocks(tree.moveBlock(blocks, String(data.id), place));
  };
  useEffect(
    () =>
      monitorForElements({
        onDrop: ({ source, location }) => {
          const target = location.current.dropTargets[0]?.data;
          if (typeof target?.list !== 'string' || typeof target.index !== 'number') return;
          drop.current(source.data, { list: target.list, index: target.index });
        },
      }),
    [],
  );
  const inspector = (
    <Box p="md">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Text fw={600}>{block ? t(`blocks.${block.type}`) : t('settings')}</Text>
        {block && (
          <ActionIcon variant="subtle" color="gray" aria-label={t('close')} onClick={() => setSelected(null)}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </Group>
      {block ? (
        <BlockForm
          key={block.id}
          block={block}
          onChange={(part) => setBlocks(tree.updateBlock(blocks, block.id, part))}
          onShift={(by) => setBlocks(tree.shiftBlock(blocks, block.id, by))}
          onRemove={() => {
            setBlocks(tree.removeBlock(blocks, block.id));
            setSelected(null);
          }}
        />
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
            <Box w={200} visibleFrom="md">
              <ContactPicker
                aria-label={t('previewAs')}
                placeholder={t('previewAs')}
                value={contact}
                onChange={setContact}
              />
            </Box>
            <SegmentedControl
              aria-label={t('width')}
              value={width}
              onChange={setWidth}
              data={[
                { value: 'desktop', label: <IconDeviceDesktop size={16} aria-label={t('desktop')} /> },
                { value: 'phone', label: <IconDeviceMobile size={16} aria-label={t('phone')} /> },
              ]}
            />
            {mayEdit && <HistoryButtons {...editor} />}
            {mayEdit && <SendTest messageId={message.id} contactId={contact?.id} save={editor.save} />}
          </>
        }
        palette={
          mayEdit &&
          content.document.kind === 'email' && (
            <Box p="sm">
              <BlockPalette onAdd={(type) => add(type)} />
              <Text fw={600} size="sm" mt="md" mb={4}>
                {t('outline')}
              </Text>
              <Outline blocks={blocks} selected={selected} onSelect={setSelected} />
            </Box>
          )
        }
        inspector={mayEdit && inspector}
      >
        <Stage content={content} contactId={contact?.id ?? null} isPhone={width === 'phone'} />
      </BuilderFrame>
      <ConflictDialog opened={editor.hasConflict} />
    </>
  );
}
