// Lesions
