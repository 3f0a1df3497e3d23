/** The brand kit: colours, font, logo and footer, with a look at what they make. */
import {
  Button,
  Card,
  ColorInput,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { ImagePicker } from '@/pickers/images/ImagePicker';
import { Page, PageHeader } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import type { MessageDocument } from '../blocks';
import { type BrandKit, brandQuery, useSetBrand } from '../library-api';
import { fonts } from '../looks';
import { Thumbnail } from '../parts/Thumbnail';

const HEX = /^#[0-9a-f]{6}$/i;
const colors = ['background', 'sheet', 'color', 'link_color', 'button_color', 'button_text_color'] as const;

export function BrandPage() {
  const { t } = useTranslation('messages');
  const query = useQuery(brandQuery);
  return (
    <Page width={1040}>
      <PageHeader title={t('brand.title')} description={t('brand.subtitle')} />
      {query.isPending && <LoadingRows />}
      {query.isError && <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <BrandForm first={query.data} />}
    </Page>
  );
}

function BrandForm({ first }: { first: BrandKit }) {
  const { t } = useTranslation('messages');
  const mayEdit = useMay('editor');
  const client = useQueryClient();
  const saving = useSetBrand();
  const [kit, setKit] = useState(first);
  const set = (part: Partial<BrandKit>) => setKit((current) => ({ ...current, ...part }));
  const save = () =>
    saving.mutate(kit, {
      onSuccess: (saved) => {
        client.setQueryData(brandQuery.queryKey, saved);
        void client.invalidateQueries({ queryKey: ['messages', 'templates'] });
        toast(t('brand.saved'));
      },
      onError: toastError,
    });
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Card padding="lg">
        <Stack>
          <Group align="flex-end">
            {kit.logo ? (
              <img src={kit.logo} alt={kit.logo_alt} style={{ maxWidth: 160, maxHeight: 80 }} />
            ) : (
              <Text size="sm" c="dimmed">
                {t('brand.noLogo')}
              </Text>
            )}
            {mayEdit && (
              <ImagePicker onChoose={(image) => set({ logo: image.url, logo_alt: image.alt || kit.logo_alt })} />
            )}
            {mayEdit && kit.logo && (
              <Button variant="subtle" color="gray" onClick={() => set({ logo: '' })}>
                {t('brand.removeLogo')}
              </Button>
            )}
          </Group>
          <SimpleGrid cols={2}>
            <TextInput
              label={t('brand.logoAlt')}
              value={kit.logo_alt}
              maxLength={500}
              onChange={(event) => set({ logo_alt: event.currentTarget.value })}
            />
            <NumberInput
              label={t('brand.logoWidth')}
              min={16}
              max={600}
              value={kit.logo_width}
              onChange={(width) => typeof width === 'number' && set({ logo_width: Math.min(600, Math.max(16, width)) })}
            />
            {colors.map((name) => (
              <ColorInput
                key={name}
                label={t(`brand.${name}`)}
                format="hex"
                withEyeDropper={false}
                value={kit[name]}
                onChangeEnd={(color) => HEX.test(color) && set({ [name]: color })}
              />
            ))}
          </SimpleGrid>
          <Select
            label={t('brand.font')}
            allowDeselect={false}
            data={fonts.map((font) => ({ value: font, label: font.split(',')[0]?.replaceAll("'", '') ?? font }))}
            value={fonts.find((font) => font === kit.font) ?? fonts[0]}
            onChange={(font) => font && set({ font })}
          />
          <TagsInput
            label={t('brand.colors')}
            description={t('brand.colorsHint')}
            maxTags={12}
            value={kit.colors}
            onChange={(chosen) => set({ colors: chosen.filter((color) => HEX.test(color)) })}
          />
          <Textarea
            label={t('brand.footer')}
            description={t('brand.footerHint')}
            autosize
            minRows={2}
            value={wordsOf(kit.footer_html)}
            onChange={(event) => set({ footer_html: htmlOf(event.currentTarget.value) })}
          />
          {mayEdit && (
            <Group>
              <Button loading={saving.isPending} onClick={save}>
                {t('brand.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </Card>
      <Card padding="lg">
        <Text fw={600} size="sm" mb="sm">
          {t('brand.look')}
        </Text>
        <Thumbnail document={sample(kit, t('brand.sampleHeading'), t('brand.sampleText'), t('brand.sampleButton'))} />
      </Card>
    </SimpleGrid>
  );
}

/** Lines of text stand for the paragraphs of the footer. */
function wordsOf(html: string): string {
  const body = new DOMParser().parseFromString(html.replace(/<br\s*\/?>|<\/p>/g, '\n'), 'text/html').body;
  return (body.textContent ?? '').replace(/\n$/, '');
}
function htmlOf(words: string): string {
  if (!words.trim()) return '';
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .split('\n')
    .map((line) => `<p>${line}</p>`)
    .join('');
}

function sample(kit: BrandKit, heading: string, text: string, label: string): MessageDocument {
  const { background, sheet, color, link_color, font, logo, logo_alt, logo_width } = kit;
  const button = { label, href: 'https://example.com', color: kit.button_color, text_color: kit.button_text_color };
  return {
    version: 1,
    kind: 'email',
    settings: { background, sheet, color, link_color, font },
    blocks: [
      ...(logo
        ? [
            {
              id: 'logo',
              type: 'image' as const,
              props: { src: logo, alt: logo_alt, width: logo_width, align: 'left' },
            },
          ]
        : []),
      { id: 'h', type: 'heading', props: { text: heading, level: 1 } },
      { id: 't', type: 'text', props: { html: `<p>${text}</p>` } },
      { id: 'b', type: 'button', props: button },
      { id: 'f', type: 'footer', props: { html: kit.footer_html || '<p> </p>' } },
    ],
  };
}
