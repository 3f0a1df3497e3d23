/** Asks for the count a moment after the last change; the number before stays until the new one is there. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/problems';
import { type Counted, countQuery } from '../api';
import { type KeyedGroup, toDocument } from './tree';

const QUIET = 300;

export type LiveCount = {
  data: Counted | undefined;
  error: Error | null;
  /** The error names conditions, which show it themselves. */
  isAboutParts: boolean;
  isLoading: boolean;
};

export function useLiveCount(filled: KeyedGroup): LiveCount {
  const wanted = JSON.stringify(toDocument(filled));
  const [asked] = useDebouncedValue(wanted, QUIET);
  const { data, error, isFetching } = useQuery(countQuery(asked));
  const isOld = asked !== wanted;
  return {
    data,
    error: isOld ? null : error,
    isAboutParts: error instanceof ApiError && error.errors.some((problem) => problem.pointer.startsWith('/condition')),
    isLoading: isFetching || isOld,
  };
}
