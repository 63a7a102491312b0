import { rgPath } from "@vscode/ripgrep";
import { listingChecks } from "../checks/listing.ts";
import { searchingChecks } from "../checks/searching.ts";
import { nodeFixture } from "../nodeFixture.ts";
import { runContract } from "../runContract.ts";

runContract("node host", { offers: ["modes", "links", "realProcesses"], makeFixture: nodeFixture(rgPath) });
runContract("node host without ripgrep", {
  offers: ["modes", "links"],
  checks: [...listingChecks, ...searchingChecks],
  makeFixture: nodeFixture(undefined),
});
