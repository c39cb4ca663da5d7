// What the graph knows about one item.
//
// Returns: item STRING, title STRING, brand STRING, price FLOAT, available BOOLEAN, events INTEGER, pagerank FLOAT, categories LIST<STRING> (from its category to the root); one row
/*
:param item => "102"
*/
MATCH (i:Item {id: $item})
RETURN i.id AS item, i.title AS title, i.brand AS brand, i.price AS price, i.available AS available,
  i.popularity AS events, i.pagerank AS pagerank,
  COLLECT {
    MATCH path = (i)-[:IN_CATEGORY]->(:Category)-[:CHILD_OF*0..]->(c:Category)
    RETURN c.id AS category ORDER BY length(path), category
  } AS categories;
