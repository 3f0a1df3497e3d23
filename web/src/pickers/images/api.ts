/** The image library: what is there, and taking more in. */
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, csrfHeaders, type Page, url } from '@/api/client';
import { OfflineError, toApiError } from '@/api/problems';

export type Image = {
  id: number;
  name: string;
  alt: string;
  width: number;
  height: number;
  size_bytes: number;
  is_animated: boolean;
  url: string;
  thumbnail_url: string;
};

export const imagesQuery = (search: string) =>
  queryOptions({
    queryKey: ['images', search],
    queryFn: ({ signal }) => api.get<Page<Image>>('/images', { signal, query: { search, limit: 200 } }),
    placeholderData: keepPreviousData,
  });

/** The file itself is the body; the server looks at its bytes, not at its name. */
async function upload(file: File): Promise<Image> {
  let response: Response;
  try {
    response = await fetch(url('/images', { name: file.name.slice(-200) }), {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/octet-stream', ...csrfHeaders() },
      credentials: 'same-origin',
      body: file,
    });
  } catch {
    throw new OfflineError();
  }
  if (!response.ok) throw await toApiError(response);
  return (await response.json()) as Image;
}

function useChanging<A, R>(call: (argument: A) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: call, onSuccess: () => client.invalidateQueries({ queryKey: ['images'] }) });
}

export const useUploadImage = () => useChanging(upload);
export const useChangeImage = () =>
  useChanging(({ id, ...body }: { id: number; name?: string; alt?: string }) =>
    api.patch<Image>(`/images/${id}`, body),
  );
export const useDeleteImage = () => useChanging((id: number) => api.delete(`/images/${id}`));
