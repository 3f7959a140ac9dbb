// A file of the sealed store.
#include "stores/sealed_document.hpp"

#include <algorithm>

#include "fuzz/target.hpp"
#include "support/fake_random.hpp"

namespace hearth::fuzz {
namespace {

constexpr std::size_t nonce_begins = 13 + 2 + 16;

// Says again what a sealed file's nonce was.
class SameNonce : public Random {
  public:
    explicit SameNonce(std::string_view file) : file_(file) {}
    void fill(std::span<std::byte> bytes) override {
        const auto nonce = std::as_bytes(std::span(file_)).subspan(nonce_begins, bytes.size());
        std::ranges::copy(nonce, bytes.begin());
    }

  private:
    std::string_view file_;
};

}  // namespace

void try_input(std::string_view input) {
    const auto id = *SessionId::parse("work");
    const stores::StoreKey key{Secret("the key of the fuzz target: 32 B"), "0123456789abcdef"};
    const auto opened = stores::open_document(key, id, input, "/home/work.sealed");
    if (opened) {
        // Only what was sealed with this key for this session opens, and any bit counts.
        SameNonce random(input);
        require(stores::seal_document(key, id, *opened, random) == input);
        const auto other = *SessionId::parse("other");
        require(!stores::open_document(key, other, input, "/home/other.sealed"));
    } else {
        require_sound(opened.error().error);
    }
    if (input.empty()) return;
    testing::FakeRandom random;
    const auto file = stores::seal_document(key, id, Secret(input), random);
    const auto back = stores::open_document(key, id, file, "/home/work.sealed");
    require(back && back->reveal() == input);
    auto changed = file;
    changed[input.size() % file.size()] ^= 1;
    require(!stores::open_document(key, id, changed, "/home/work.sealed"));
}

}  // namespace hearth::fuzz
