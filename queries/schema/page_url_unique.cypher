// Every page has a URL of its own.
//
// Returns: nothing
CREATE CONSTRAINT page_url_unique IF NOT EXISTS
FOR (p:Page) REQUIRE p.url IS UNIQUE;
