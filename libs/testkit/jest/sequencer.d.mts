/** The longest spec files, longest first. */
export declare const longest: readonly string[];
/** Where a spec stands in that list; after all of them where it does not. */
export declare const rankOf: (path: string) => number;
