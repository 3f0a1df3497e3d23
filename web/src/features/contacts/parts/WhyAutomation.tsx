/** Why the contact is in an automation or not: the cause, what it waits for, and all that was looked at. */
import { Badge, Card, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatMoment } from '@/lib/format';
import { Answer, WhyTree } from '@/pickers/conditions/WhyTree';
import { ObjectPicker } from '@/pickers/ObjectPicker';
import { type AutomationExplanation, explainAutomationQuery } from '../api';

export function WhyAutomation({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const [automation, setAutomation] = useState<number | null>(null);
  const query = useQuery(explainAutomationQuery(contactId, automation));
  return (
    <Card padding="md" mt="md" component="section" aria-label={t('automations.why.title')}>
      <Text size="sm" fw={600} mb={6}>
        {t('automations.why.title')}
      </Text>
      <ObjectPicker
        kind="automation"
        aria-label={t('automations.why.choose')}
        placeholder={t('automations.why.choose')}
        value={automation}
        onChange={setAutomation}
        maw={360}
      />
      {query.isError && (
        <Text size="sm" c="var(--mantine-color-error)" mt="sm" role="alert">
          {messageOf(query.error)}
        </Text>
      )}
      {automation !== null && query.isFetching && !query.data && <Loader size="xs" mt="sm" />}
      {automation !== null && query.data && <Found found={query.data} />}
    </Card>
  );
}

function Found({ found }: { found: AutomationExplanation }) {
  const { t } = useTranslation('contacts');
  return (
    <div role="status">
      <Badge mt="sm" mb={6} color={found.is_inside ? 'teal' : 'gray'}>
        {t(found.is_inside ? 'automations.why.inside' : 'automations.why.outside')}
      </Badge>
      <Text size="sm" mb="xs">
        {found.summary}
      </Text>
      {found.waits_for && (
        <>
          <Label text={t('automations.why.waitsFor')} />
          <WhyTree node={found.waits_for} />
        </>
      )}
      {found.checks.length > 0 && (
        <>
          <Label text={t('automations.why.checks')} />
          {found.checks.map((check) => (
            <Answer key={`${check.name} ${check.trigger_id}`} holds={check.passed}>
              <Text size="sm">{check.text}</Text>
              {check.tree && <WhyTree node={check.tree} />}
            </Answer>
          ))}
        </>
      )}
      {found.mails.length > 0 && (
        <>
          <Label text={t('automations.why.mails')} />
          {found.mails.map((mail) => (
            <Answer key={`${mail.step_id} ${mail.at}`} holds={mail.state === 'sent'}>
              <Text size="sm">
                {t(`automations.why.mail.${mail.state}`)}
                {mail.at && `, ${formatMoment(mail.at)}`}
              </Text>
              {mail.reason && (
                <Text size="xs" c="dimmed">
                  {mail.reason}
                </Text>
              )}
            </Answer>
          ))}
        </>
      )}
    </div>
  );
}

const Label = ({ text }: { text: string }) => (
  <Text size="xs" c="dimmed" mt="sm" mb={4}>
    {text}
  </Text>
);
