import Foundation

/// log2(1 + x); one call of evidence weighs 1, three weigh 2.
func log2OnePlus(_ value: Double) -> Double { log2(1 + value) }

/// k to the minus exponent, for k of at least 1.
func discount(_ count: Int, exponent: Double) -> Double { pow(Double(max(1, count)), -exponent) }
