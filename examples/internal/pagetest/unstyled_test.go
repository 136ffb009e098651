package pagetest

import "testing"

func TestUnstyled(t *testing.T) {
	const page = "<meta content=\"style-src 'sha256-ab&#43;c='\"><style>a{color:red}\n</style><p>a 'sha256'</p><style>b{}</style>"
	const want = "<meta content=\"style-src 'sha256-'\"><style></style><p>a 'sha256'</p><style></style>"
	if got := Unstyled(page); got != want {
		t.Error(got)
	}
}
