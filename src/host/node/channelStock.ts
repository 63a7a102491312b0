import { type Channel, channelOf, closePipe, makePipes, type Pipe } from "./channel.ts";

/** Making pipes starts a program, which takes longer than most commands: so there are always some in stock. */
const STOCK = 16;

/** Channels for the output of commands. */
export interface ChannelStock {
  /** Undefined where none can be made. */
  take(): Promise<Channel | undefined>;
  /** Closes those that nobody took. */
  dispose(): void;
}

export function createChannelStock(folders: readonly string[]): ChannelStock {
  let pipes: Pipe[] = [];
  let filling: Promise<number> | undefined;
  let disposed = false;

  /** Resolves with how many there are more. */
  const fill = async (): Promise<number> => {
    const made = await makePipes(folders, "in", STOCK);
    filling = undefined;
    if (!disposed) return pipes.push(...made);
    for (const pipe of made) closePipe(pipe);
    return 0;
  };
  return {
    async take() {
      while (pipes.length === 0) {
        filling ??= fill();
        if ((await filling) === 0) return undefined;
      }
      const pipe = pipes.pop();
      return pipe && channelOf(pipe, "in");
    },
    dispose() {
      disposed = true;
      for (const pipe of pipes) closePipe(pipe);
      pipes = [];
    },
  };
}
