import { useTranslation } from 'react-i18next';
import { formatDate, formatNumber } from '@/lib/format';
import { listsQuery } from '@/pickers/api';
import { ListForm } from '../parts/ListForm';
import { StructurePage } from '../parts/StructurePage';

export function ListsPage() {
  const { t } = useTranslation('contacts');
  return (
    <StructurePage
      kind="lists"
      query={listsQuery}
      cells={[
        {
          header: t('structure.created'),
          wide: true,
          cell: (list) => <span className="num">{formatDate(list.created_at)}</span>,
        },
        {
          header: t('structure.contacts'),
          align: 'right',
          cell: (list) => <span className="num">{formatNumber(list.contact_count)}</span>,
        },
      ]}
      form={(list, close) => <ListForm list={list} onClose={close} />}
      contactsOf={(list) => ({ list: list.id })}
    />
  );
}
