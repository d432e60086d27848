// `import IVIMBayes` brings every module of the package.
@_exported public import Acquisitions
@_exported public import Cohort
@_exported public import Diagnostics
@_exported public import GSLSupport
@_exported public import InferenceCore
@_exported public import LaneMath
@_exported public import Lesions
@_exported public import NIfTI
@_exported public import Posteriors
@_exported public import Reporting
@_exported public import Samplers
@_exported public import SignalModels
@_exported public import Tables
