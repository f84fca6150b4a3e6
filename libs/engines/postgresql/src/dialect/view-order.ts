import { pathOf, type View } from '@dsem/schema';

/** Views after the views they read. */
export const viewsInOrder = (views: readonly View[]): readonly View[] => {
  const byPath = new Map(views.map((view) => [pathOf(view), view]));
  const ordered = new Set<View>();
  const seen = new Set<View>();
  const visit = (view: View): void => {
    if (seen.has(view)) return;
    seen.add(view);
    for (const path of view.body.uses) {
      const read = byPath.get(path);
      if (read) visit(read);
    }
    ordered.add(view);
  };
  for (const view of views) visit(view);
  return [...ordered];
};

/** The views that read one of the objects, and the views that read those, in reading order. O(views^2) at worst. */
export const readersOf = (views: readonly View[], isRead: (view: View) => boolean): readonly View[] => {
  const found = new Set<string>();
  const ordered = viewsInOrder(views);
  for (const view of ordered) {
    if (isRead(view) || view.body.uses.some((path) => found.has(path))) found.add(pathOf(view));
  }
  return ordered.filter((view) => found.has(pathOf(view)));
};
