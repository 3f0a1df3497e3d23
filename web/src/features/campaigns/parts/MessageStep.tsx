/** What is sent, as from whom, under which subject; of a split campaign, its variants. */
import { Card, Collapse, Group, SimpleGrid, Stack, Switch } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import { LinkButton } from '@/ui/links';
import { SavedText } from './SavedText';
import { VariantsFields } from './VariantsFields';
import type { StepProps } from './Wizard';

export function MessageStep({ campaign, save }: StepProps) {
  const { t } = useTranslation('campaigns');
  const hasUtm = campaign.utm.source !== '';
  const utm = (part: Partial<typeof campaign.utm>) => save({ utm: { ...campaign.utm, ...part } });
  return (
    <Stack>
      <Card padding="lg">
        <Stack>
          <Group align="flex-end" wrap="wrap">
            <ObjectPicker
              kind="message"
              label={t('message.message')}
              description={t('message.messageText')}
              value={campaign.message_id}
              onChange={(id) => save({ message_id: id })}
              style={{ flex: '1 1 260px' }}
            />
            {campaign.message_id && (
              <LinkButton
                to="/messages/$id"
                params={{ id: String(campaign.message_id) }}
                variant="default"
                leftSection={<IconPencil size={16} />}
              >
                {t('message.edit')}
              </LinkButton>
            )}
          </Group>
          <SavedText
            label={t('message.subject')}
            placeholder={t('message.subjectText')}
            value={campaign.subject}
            onSave={(subject) => save({ subject })}
          />
          <SavedText
            label={t('message.preheader')}
            value={campaign.preheader}
            onSave={(preheader) => save({ preheader })}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <SavedText
              label={t('message.fromName')}
              value={campaign.from_name}
              onSave={(from_name) => save({ from_name })}
            />
            <SavedText
              label={t('message.fromEmail')}
              type="email"
              value={campaign.from_email}
              onSave={(from_email) => save({ from_email })}
            />
            <SavedText
              label={t('message.replyTo')}
              type="email"
              value={campaign.reply_to}
              onSave={(reply_to) => save({ reply_to })}
            />
          </SimpleGrid>
          <Switch
            label={t('message.utm')}
            checked={hasUtm}
            onChange={(event) => utm({ source: event.currentTarget.checked ? 'newsletter' : '' })}
          />
          <Collapse expanded={hasUtm}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <SavedText
                label={t('message.utmSource')}
                value={campaign.utm.source}
                onSave={(source) => utm({ source })}
              />
              <SavedText
                label={t('message.utmCampaign')}
                value={campaign.utm.campaign}
                onSave={(value) => utm({ campaign: value })}
              />
            </SimpleGrid>
          </Collapse>
        </Stack>
      </Card>
      {campaign.kind === 'split' && <VariantsFields campaign={campaign} save={save} />}
    </Stack>
  );
}
