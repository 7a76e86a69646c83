import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for the databases of the servers that start while it is there: they find it in `NEXIOS_DATA`. */
export class DataFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<DataFolder> {
    const path = await mkdtemp(join(tmpdir(), "nexios-bench-data-"));
    process.env["NEXIOS_DATA"] = path;
    return new DataFolder(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    delete process.env["NEXIOS_DATA"];
    await rm(this.path, { recursive: true, force: true });
  }
}
