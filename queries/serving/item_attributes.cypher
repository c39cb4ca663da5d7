// The next items after one of them with what an ontology says of them, packed into a list for each attribute.
//
// Needs:   ontology/write_links
// Returns: ids LIST<STRING>, values LIST<LIST<ANY>> (a list per property), links LIST<LIST<LIST<LIST<STRING>>>> (a list per relationship, and in it the IRI and the name of each linked individual of each item); one row, the lists by id
/*
:param after => ""
:param k => 3
:param properties => ["year"]
:param relationships => ["WRITTEN_BY"]
*/
MATCH (i:Item)
WHERE i.id > $after
WITH i
ORDER BY i.id
LIMIT $k
WITH collect(i) AS items
RETURN
  [i IN items | i.id] AS ids, [name IN $properties | [i IN items | i[name]]] AS values,
  [name IN $relationships |
    [i IN items | COLLECT { MATCH (i)-[r:$(name)]->(b:Individual) RETURN [b.iri, b['name']] AS b ORDER BY b }]] AS links;
