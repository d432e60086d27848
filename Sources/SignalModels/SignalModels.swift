// SignalModels
