// Acquisitions
