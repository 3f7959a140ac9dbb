#include "composition/installation.hpp"

#include <algorithm>

#include "composition/private_files.hpp"
#include "core/try.hpp"

namespace hearth::composition {
namespace {

bool well_formed(std::string_view id) {
    return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<std::string> installation_id(const std::string& state_folder, Random& random) {
    PrivateFiles files;
    const std::string path = state_folder + "/installation_id";
    auto found = HEARTH_TRY(files.read(path, 256));
    if (!found) {
        HEARTH_CHECK(files.ensure_folder(state_folder));
        HEARTH_CHECK(files.create(path, random.hex(16) + "\n"));
        found = HEARTH_TRY(files.read(path, 256));
    }
    std::string_view text = found ? found->reveal() : std::string_view();
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (well_formed(text)) return std::string(text);
    return std::unexpected(Error{Remedy::failed, path + " does not hold an installation's id",
                                 "restore it: without it sessions in the keychain are not found"});
}

}  // namespace hearth::composition
