// QualityControl
