/** What tells the lines of a page from each other: the relay, and as whom; whoever is a guest there is nobody in particular. */
export const lineKey = ({ relay, me }: { readonly relay: string; readonly me?: string | undefined }): string => `${relay} ${me ?? ''}`;

/** Under what a line keeps its identity, and its call, for the next page of this tab. */
export const keptKey = (line: string): string => `video-call ${line}`;
