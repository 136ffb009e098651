package stat

import "math"

// normalCDF returns P(Z ≤ z) of the standard normal distribution,
// ½·erfc(−z/√2). The rounding of z/√2, which erfc would magnify z² times in
// the tail, is made good to first order.
func normalCDF(z float64) float64 {
	const high, low = math.Sqrt2 / 2, -4.833646656726457e-17 // their sum is √½ to 107 bits
	t := -z * high
	rest := math.FMA(-z, high, -t) - z*low
	p := math.Erfc(t) / 2
	if t > 0 && p > 0 && t < 27 {
		p -= rest * math.Exp(-t*t) / math.Sqrt(math.Pi)
	}
	return p
}

// normalQuantile returns the z with normalCDF(z) = p for 0 < p < 1: algorithm
// AS 241, PPND16 (Wichura 1988, Applied Statistics 37:477), whose rational
// approximations are good to about 1 part in 10¹⁶.
func normalQuantile(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		return q * wichuraCentral(0.180625-q*q)
	}
	if q < 0 {
		return -normalUpperQuantile(p)
	}
	return normalUpperQuantile(1 - p)
}

// normalUpperQuantile returns the z with P(Z > z) = q for 0 < q < 1.
func normalUpperQuantile(q float64) float64 {
	if q > 0.075 {
		return -normalQuantile(q)
	}
	r := math.Sqrt(-math.Log(q))
	if r <= 5 {
		return wichuraTail(r - 1.6)
	}
	return wichuraFarTail(r - 5)
}

// ratio8 returns the quotient of two polynomials of degree 7 in r.
func ratio8(r float64, num, den [8]float64) float64 {
	a, b := num[7], den[7]
	for i := 6; i >= 0; i-- {
		a = a*r + num[i]
		b = b*r + den[i]
	}
	return a / b
}

func wichuraCentral(r float64) float64 {
	return ratio8(r,
		[8]float64{
			3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
			4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
		},
		[8]float64{
			1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
			2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
		})
}

func wichuraTail(r float64) float64 {
	return ratio8(r,
		[8]float64{
			1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
		},
		[8]float64{
			1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
			1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
		})
}

func wichuraFarTail(r float64) float64 {
	return ratio8(r,
		[8]float64{
			6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
			2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
		},
		[8]float64{
			1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
			7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
		})
}
