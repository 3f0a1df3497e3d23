/** What keeps the automation from running, asked again after every save; by step for the cards. */
import { useQuery } from '@tanstack/react-query';
import type { SaveState } from '@/ui/SavedIndicator';
import { type Problem, problemsQuery } from '../api';
import { START } from '../flow/layout';

export function useProblems(id: number, revision: number, state: SaveState) {
  const { data } = useQuery({ ...problemsQuery(id, revision), enabled: state !== 'saving' });
  const all: Problem[] = data?.problems ?? [];
  const isStart = (problem: Problem) => !problem.step_id || problem.step_id.startsWith('t');
  const of = (stepId: string) =>
    all.find((problem) => (stepId === START ? isStart(problem) : problem.step_id === stepId))?.message;
  return { all, of };
}
