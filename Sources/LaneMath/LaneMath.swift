// LaneMath
