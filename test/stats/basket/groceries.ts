/** The example of the arules vignette 'Mining and pruning association rules'. */
export const groceries = [
  'bread butter milk',
  'bread butter',
  'bread milk',
  'bread butter jam',
  'bread butter milk',
  'butter jam',
  'bread milk cereal',
  'bread butter jam',
].map((basket) => basket.split(' '));
