import type { Node } from '@pgsql/types';
import { walk } from './normalize/tree.js';
import { nameParts } from './type-names.js';

/** Functions that give one value per statement; one that is not listed may give another for every row. */
const steady = new Set(
  (
    'now transaction_timestamp statement_timestamp current_setting current_user current_database current_schema ' +
    'lower upper btrim ltrim rtrim trim initcap concat concat_ws md5 sha256 encode decode length left right substring ' +
    'substr replace reverse repeat lpad rpad split_part ascii chr quote_ident quote_literal format abs ceil ceiling ' +
    'floor round trunc sqrt power mod sign to_char to_date to_number to_timestamp date_trunc date_part date_bin ' +
    'extract timezone age make_date make_time make_timestamp make_timestamptz make_interval justify_days ' +
    'jsonb_build_object jsonb_build_array json_build_object json_build_array to_json to_jsonb jsonb_set jsonb_object ' +
    'json_object row_to_json array_fill array_append array_cat array_prepend array_remove string_to_array ' +
    'array_to_string int4range int8range numrange tsrange tstzrange daterange to_tsvector setweight to_tsquery ' +
    'plainto_tsquery point box circle inet_client_addr pg_backend_pid txid_current pg_current_xact_id numnode'
  ).split(' '),
);

/** Whether the server has to compute the expression for every row when it fills a column. */
export const isVolatile = (tree: Node): boolean => {
  let found = false;
  walk(tree, (node) => {
    if ('FuncCall' in node && !steady.has(nameParts(node.FuncCall.funcname).at(-1) ?? '')) found = true;
  });
  return found;
};
