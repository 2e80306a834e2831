/**
 * Follows a server's event stream until `end` or until told to stop; the browser reconnects by itself.
 *
 *   const stop = follow(`api/jobs/${job}/events`, { progress: (p) => ..., end: (job) => ... });
 */
export function follow(path: string, handlers: Record<string, (data: any) => void>, lost?: () => void): () => void {
  const source = new EventSource(path);
  for (const [type, handle] of Object.entries(handlers)) {
    source.addEventListener(type, (event) => {
      if (type === 'end') source.close();
      handle(JSON.parse((event as MessageEvent<string>).data));
    });
  }
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) lost?.(); };
  return () => source.close();
}
