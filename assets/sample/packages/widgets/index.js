/** A widget with a label. */
export function widget(label) {
  return { label };
}
