// IVIMBayes
