/** Where what comes from outside meets a process: it happens at once, or when the process's event loop is free again, or never when the process is dead. Keeps order. */
export interface Gate {
  enter(fire: () => void): void;
}

/** The gate of what is never busy and never dies. */
export const openGate: Gate = { enter: (fire) => fire() };
