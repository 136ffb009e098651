package survey

import "math"

// omega returns McDonald's omega for items with the given covariances and correlations,
// or false if no proper factor fits.
func omega(cov, cor matrix) (float64, bool) {
	loadings, unique, ok := cor.oneFactor()
	if !ok {
		return 0, false
	}
	var common, rest float64
	for i := range loadings {
		common += loadings[i] * math.Sqrt(cov[i][i])
		rest += unique[i] * cov[i][i]
	}
	return common * common / (common*common + rest), true
}

// oneFactor fits one factor to correlations by maximum likelihood: they become
// λλᵀ + diag(ψ). It iterates expectation and maximisation (Rubin & Thayer 1982,
// Psychometrika 47:69), which never makes the likelihood worse. It returns false for
// fewer than three items, if an item would be the factor itself (ψ → 0, a Heywood case),
// and if the iteration does not converge in 20,000 rounds, or with more than 160 items in
// as many as take 2²⁹ products.
func (r matrix) oneFactor() (loadings, unique []float64, ok bool) {
	const (
		settle  = 1e-12
		heywood = 1e-5
	)
	k := len(r)
	if k < 3 {
		return nil, nil, false
	}
	loadings, unique = make([]float64, k), make([]float64, k)
	total := r.total(allItems)
	for i, row := range r {
		for _, v := range row {
			loadings[i] += v
		}
		loadings[i] /= math.Sqrt(math.Max(total, 1e-9))
		loadings[i] = max(-0.9, min(0.9, loadings[i]))
		unique[i] = 1 - loadings[i]*loadings[i]
	}
	weights, withFactor := make([]float64, k), make([]float64, k)
	for range min(20_000, 1<<29/(k*k)) {
		information := 1.0
		for i, l := range loadings {
			information += l * l / unique[i]
		}
		explained := 0.0 // by the factor's own estimate
		for i, l := range loadings {
			weights[i] = l / unique[i] / information
			explained += weights[i] * l
		}
		second := 1 - explained
		for i, row := range r {
			withFactor[i] = 0
			for j, v := range row {
				withFactor[i] += v * weights[j]
			}
			second += weights[i] * withFactor[i]
		}
		change := 0.0
		for i := range loadings {
			l := withFactor[i] / second
			change = max(change, math.Abs(l-loadings[i]))
			loadings[i] = l
			unique[i] = r[i][i] - l*withFactor[i]
			if !(unique[i] > heywood) {
				return nil, nil, false
			}
		}
		if change < settle {
			return loadings, unique, true
		}
	}
	return nil, nil, false
}
