// Find what a version has shown.
//
// Returns: nothing
CREATE INDEX exposure_version IF NOT EXISTS
FOR (e:Exposure) ON (e.version);
