// Find what was shown in a period.
//
// Returns: nothing
CREATE INDEX exposure_day IF NOT EXISTS
FOR (e:Exposure) ON (e.day);
