/** A page that waits for all events to be put in columns: it goes on by itself. */
import { islandData } from "../data";
import { followMaking } from "../making";

const note = document.getElementById("making");
if (note) followMaking(note, islandData<{ asOf: string | null }>().asOf, () => location.reload());
