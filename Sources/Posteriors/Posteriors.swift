// Posteriors
