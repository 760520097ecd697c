/** What was measured: medians; seconds and bytes. */
export interface Outcome {
  shop: string;
  machine: string;
  runs: number;
  cold: { wall: number; cpu: number | null; memory: number | null };
  warm: { wall: number; cpu: number | null; memory: number | null };
  /** Seconds of each step of the cold run; steps overlap, so they add up to more than it. */
  stages: Record<string, number>;
  /** Seconds of the bare engines: reading the files, all SQL, printing each page once. */
  floor: Record<string, number>;
  /** The whole floor, its parts one after the other. */
  floorUsage: { wall: number; cpu: number | null; memory: number | null };
}

/** Lines for a terminal; they are a Markdown table too. */
export function tableOf({ shop, machine, runs, cold, warm, stages, floor, floorUsage }: Outcome): string {
  const whole = floorUsage.wall;
  const groups = [
    { name: 'snapshot', steps: ['snapshot'], floor: floor.read },
    { name: 'models', steps: ['models'], floor: undefined },
    { name: 'data tests', steps: ['data tests'], floor: undefined },
    { name: 'analyses, two at a time', steps: Object.keys(stages).filter(isAnalysis), floor: undefined },
    { name: 'HTML', steps: Object.keys(stages).filter((step) => step.endsWith('.html')), floor: undefined },
    { name: 'PDF, two at a time', steps: Object.keys(stages).filter((step) => step.endsWith('.pdf')), floor: undefined },
    { name: 'publish', steps: ['publish'], floor: undefined },
  ];
  const rows = [
    ['cold run', seconds(cold.wall), seconds(whole), ratio(cold.wall, whole), seconds(cold.cpu), megabytes(cold.memory)],
    ['warm run', seconds(warm.wall), '', '', seconds(warm.cpu), megabytes(warm.memory)],
    ...groups.map(({ name, steps, floor: least }) => {
      const took = steps.reduce((sum, step) => sum + (stages[step] ?? 0), 0);
      return [`– ${name}`, seconds(took), least === undefined ? '' : seconds(least), least === undefined ? '' : ratio(took, least), '', ''];
    }),
    ['floor: SQL', '', seconds(floor.query ?? null), '', '', ''],
    ['floor: printing each page once', '', seconds(floor.print ?? null), '', '', ''],
    ['floor: read, SQL and print', '', seconds(whole), '', seconds(floorUsage.cpu), megabytes(floorUsage.memory)],
  ];
  const head = ['', 'seconds', 'floor', 'ratio', 'CPU s', 'MB'];
  const body = [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows];
  const widths = head.map((_, i) => Math.max(...body.map((row) => (row[i] as string).length)));
  const lines = body.map(
    (row) => `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join(' | ')} |`,
  );
  return `\n${shop}, medians of ${runs} runs, ${machine}\n\n${lines.join('\n')}\n`;
}

function isAnalysis(step: string): boolean {
  return !['snapshot', 'models', 'data tests', 'publish'].includes(step) && !/\.(html|pdf)$/.test(step);
}

function seconds(value: number | null): string {
  return value === null ? '' : value.toFixed(2);
}

function megabytes(value: number | null): string {
  return value === null ? '' : (value / 1e6).toFixed(0);
}

function ratio(value: number, floor: number): string {
  return `${(value / floor).toFixed(2)} ×`;
}
