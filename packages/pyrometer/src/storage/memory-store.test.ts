import { MemoryStore } from "./index.ts";
import { storageContract } from "./testkit/storage-contract.ts";

storageContract("MemoryStore", async () => new MemoryStore());
