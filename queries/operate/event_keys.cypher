// How many events there are, and the sum of the first eight digits of their keys: a checksum.
//
// Returns: events INTEGER, checksum INTEGER; one row
MATCH (:Session)-[r:INCLUDES|TAKEN_BACK]->()
WHERE r.event_key IS NOT NULL
// Cypher reads hexadecimal digits as a Java number with an exponent only.
RETURN count(*) AS events, coalesce(sum(toInteger(toFloat('0x' + left(r.event_key, 8) + 'p0'))), 0) AS checksum;
