package licenses_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"rathaus/internal/licenses"
)

// The forms that the schema of CycloneDX 1.6 prescribes for what a bill must hold.
var (
	serialForm = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	purlForm   = regexp.MustCompile(`^pkg:(golang|npm|generic)/[^@\s]+@[^@\s]+$`)
)

func TestBillOfMaterialsNamesEverythingThatIsLinked(t *testing.T) { // 000-03
	list, err := licenses.All()
	require.NoError(t, err)
	text, err := json.Marshal(licenses.NewBill("1.2.3", list))
	require.NoError(t, err)
	var bill struct {
		Format     string `json:"bomFormat"`
		Spec       string `json:"specVersion"`
		Serial     string `json:"serialNumber"`
		Version    int    `json:"version"`
		Components []map[string]any
		Metadata   struct{ Component map[string]any }
		Depend     []struct {
			Ref       string
			DependsOn []string `json:"dependsOn"`
		} `json:"dependencies"`
	}
	require.NoError(t, json.Unmarshal(text, &bill))
	require.Equal(t, "CycloneDX", bill.Format)
	require.Equal(t, "1.6", bill.Spec)
	require.Regexp(t, serialForm, bill.Serial)
	require.Equal(t, 1, bill.Version)

	refs := map[string]bool{}
	for _, c := range append(bill.Components, bill.Metadata.Component) {
		require.Contains(t, []string{"application", "library"}, c["type"])
		require.NotEmpty(t, c["name"])
		require.Regexp(t, purlForm, c["purl"])
		require.NotEmpty(t, c["licenses"])
		ref, _ := c["bom-ref"].(string)
		require.False(t, refs[ref], "the reference %s stands for two components", ref)
		refs[ref] = true
	}
	require.Len(t, bill.Depend, 1)
	require.Len(t, bill.Depend[0].DependsOn, len(bill.Components))
	for _, ref := range bill.Depend[0].DependsOn {
		require.True(t, refs[ref], ref)
	}

	// Whatever is linked, asked of the go command and the lock file, is in it.
	parts, err := licenses.Inventory(t.Context(), "../..")
	require.NoError(t, err)
	require.Len(t, bill.Components, len(parts))
	require.True(t, refs["pkg:golang/modernc.org/sqlite@"+versionOf(parts, "modernc.org/sqlite")])
	require.True(t, refs["pkg:npm/svelte@"+versionOf(parts, "svelte")])
}

func TestOneStateGivesTheSameBill(t *testing.T) {
	list, err := licenses.All()
	require.NoError(t, err)
	require.Equal(t, licenses.NewBill("1", list), licenses.NewBill("1", list))
	require.NotEqual(t, licenses.NewBill("1", list).SerialNumber, licenses.NewBill("2", list).SerialNumber)
}

func versionOf(parts []licenses.Part, name string) string {
	for _, p := range parts {
		if p.Name == name {
			return p.Version
		}
	}
	return "missing"
}
