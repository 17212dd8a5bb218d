/* What can be done with tables. */

import {
  addColumnAfter,
  addRowAfter,
  deleteColumn,
  deleteRow,
  deleteTable,
  isInTable,
  selectedRect,
} from "@milkdown/kit/prose/tables";
import { TextSelection } from "@milkdown/kit/prose/state";

import { putAfter } from "./commands.js";
import { MOST_COLUMNS } from "./dialect/tables.js";

const ROWS = 2;
const COLUMNS = 2;

function insert(state, _dispatch, view) {
  const { nodes } = state.schema;
  const cells = (kind) => Array.from({ length: COLUMNS }, () => kind.createAndFill());
  const head = nodes.table_header_row.create(null, cells(nodes.table_header));
  const rows = Array.from({ length: ROWS }, () => nodes.table_row.create(null, cells(nodes.table_cell)));
  const place = putAfter(view, nodes.table.create(null, [head, ...rows]));
  view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(place + 1))));
  return true;
}

/* The head is the first row, and stays one. */
const isHead = (state) => isInTable(state) && selectedRect(state).top === 0;

export const tableButtons = {
  insert,
  row: addRowAfter,
  column: (state, dispatch) =>
    isInTable(state) && selectedRect(state).map.width < MOST_COLUMNS && addColumnAfter(state, dispatch),
  noRow: (state, dispatch) => !isHead(state) && deleteRow(state, dispatch),
  noColumn: deleteColumn,
  noTable: deleteTable,
};
