/** Name and conditions of a segment, with the count beside them; saved when asked, because others build on it. */
import { Box, Button, Group, TextInput, Title, VisuallyHidden } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import type { UseMutationResult } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { useMay } from '@/api/session';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';
import { LinkAction } from '@/ui/links';
import { Page } from '@/ui/Page';
import { toastError } from '@/ui/toast';
import type { Segment, SegmentInput } from '../api';
import classes from '../segments.module.css';
import { CountPanel } from './CountPanel';
import { Explain } from './Explain';

type Props = {
  initial: SegmentInput;
  save: UseMutationResult<Segment, Error, SegmentInput>;
  saveLabel: string;
  onSaved: (segment: Segment) => void;
  menu?: ReactNode;
  /** Cards under the count. */
  aside?: ReactNode;
  children?: (condition: ConditionNode) => ReactNode;
};

const EVERYONE: ConditionNode = { match: 'all', conditions: [] };

export function SegmentEditor({ initial, save, saveLabel, onSaved, menu, aside, children }: Props) {
  const { t } = useTranslation('segments');
  const mayEdit = useMay('editor');
  const [saved, setSaved] = useState(initial);
  const [name, setName] = useState(initial.name);
  const [condition, setCondition] = useState(initial.condition);
  const [filled, setFilled] = useState<ConditionNode>(EVERYONE);
  const [unfinished, setUnfinished] = useState(0);
  const nameInput = useRef<HTMLInputElement>(null);
  const isChanged = name !== saved.name || JSON.stringify(condition) !== JSON.stringify(saved.condition);
  const isLeaving = useRef(false);
  useBlocker({
    shouldBlockFn: () => !isLeaving.current && isChanged && mayEdit && !window.confirm(t('leave')),
    enableBeforeUnload: isChanged && mayEdit,
  });
  const problems = save.error instanceof ApiError ? save.error.errors : [];
  const nameProblem = problems.find((problem) => problem.pointer === '/name')?.message;
  const submit = () => {
    if (name.trim() === '') return nameInput.current?.focus();
    if (unfinished > 0) return toastError(new Error(t('unfinished', { count: unfinished })));
    save.mutate(
      { name: name.trim(), condition },
      {
        onSuccess: (segment) => {
          setSaved({ name, condition });
          isLeaving.current = true;
          onSaved(segment);
          isLeaving.current = false;
        },
        onError: (error) => !(error instanceof ApiError && error.errors.length > 0) && toastError(error),
      },
    );
  };
  useHotkeys([['mod+S', submit]]);
  return (
    <Page>
      <VisuallyHidden>
        <Title order={1}>{saved.name || t('new')}</Title>
      </VisuallyHidden>
      <Group justify="space-between" mb="md" gap="sm" align="flex-start">
        <Group gap="xs" wrap="nowrap" flex={1} miw={220} align="flex-start">
          <LinkAction to="/segments" aria-label={t('back')} size="lg" mt={4}>
            <IconArrowLeft size={18} />
          </LinkAction>
          <Box flex={1} maw={560} miw={0}>
            <TextInput
              ref={nameInput}
              className={classes.name}
              aria-label={t('name')}
              placeholder={t('namePlaceholder')}
              readOnly={!mayEdit}
              value={name}
              error={nameProblem}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </Box>
        </Group>
        {mayEdit && (
          <Group gap="xs">
            {menu}
            <Button onClick={submit} disabled={!isChanged && saved.name !== ''} loading={save.isPending}>
              {saveLabel}
            </Button>
          </Group>
        )}
      </Group>
      <ConditionBuilder
        value={condition}
        onChange={setCondition}
        problems={problems
          .filter((problem) => problem.pointer.startsWith('/condition'))
          .map((problem) => ({ ...problem, pointer: problem.pointer.slice('/condition'.length) }))}
        onFilled={(next, count) => {
          setFilled(next);
          setUnfinished(count);
        }}
        isReadOnly={!mayEdit}
        under={children?.(filled)}
        beside={(counting) => (
          <div className={classes.panel}>
            <CountPanel {...counting} />
            <Explain condition={filled} />
            {aside}
          </div>
        )}
      />
    </Page>
  );
}
