/** A new automation: from a ready recipe, which brings its tags and messages along, or an empty canvas. */
import { Button, Group, Modal, SimpleGrid, Text, TextInput, ThemeIcon, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Automation, recipesQuery, useCreateAutomation, useCreateFromRecipe } from '../api';
import { emptyDocument, recipeLook } from '../model';

export function CreateButton() {
  const { t } = useTranslation('automations');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {t('create')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('create')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('inspector.close') }}
      >
        <Choices />
      </Modal>
    </>
  );
}

function Choices() {
  const { t } = useTranslation('automations');
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const create = useCreateAutomation();
  const cook = useCreateFromRecipe();
  const recipes = useQuery(recipesQuery);
  const result = {
    onSuccess: (made: Automation) => void navigate({ to: '/automations/$id', params: { id: String(made.id) } }),
    onError: toastError,
  };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim() || t('newName'), document: emptyDocument() }, result);
  };
  return (
    <>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            flex={1}
            label={t('nameLabel')}
            value={name}
            maxLength={200}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={create.isPending}>
            {t('add')}
          </Button>
        </Group>
      </form>
      <Text fw={600} mt="lg">
        {t('recipes')}
      </Text>
      <Text size="sm" c="dimmed" mb="sm">
        {t('recipesHint')}
      </Text>
      {recipes.isPending && <LoadingRows count={4} />}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {recipes.data?.items.map((recipe) => {
          const Icon = recipeLook(recipe.icon);
          return (
            <UnstyledButton
              key={recipe.id}
              className="card"
              p="sm"
              disabled={cook.isPending}
              onClick={() => cook.mutate(recipe.id, result)}
            >
              <Group gap="sm" wrap="nowrap" align="flex-start">
                <ThemeIcon variant="light" size={34} radius="md">
                  <Icon size={18} stroke={1.7} aria-hidden />
                </ThemeIcon>
                <div>
                  <Text fw={600} size="sm">
                    {recipe.name}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {recipe.description}
                  </Text>
                </div>
              </Group>
            </UnstyledButton>
          );
        })}
      </SimpleGrid>
    </>
  );
}
