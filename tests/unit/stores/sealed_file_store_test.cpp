#include "stores/sealed_file_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stores/memory_store.hpp"
#include "support/fake_document_files.hpp"
#include "support/fake_random.hpp"

namespace hearth::stores {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const SessionId work = *Name::parse("work");
const SessionId home = *Name::parse("home");
const std::string folder = "/state/sealed";
const std::string work_file = folder + "/work.sealed";
const std::string key_json = folder + "/key.json";

class SealedFile : public ::testing::Test {
  protected:
    // A process that starts now.
    SealedFileStore store(KeySource source = KeyFileSource{"/keys/hearth"}) {
        return {folder, std::move(source), random, files};
    }
    void save(const SessionId& id, std::string_view text) {
        auto one = store();
        const auto saved = one.save(id, Secret(text));
        ASSERT_TRUE(saved) << saved.error().error.what;
    }
    std::string load(const SessionId& id) {
        auto one = store();
        const auto loaded = one.load(id);
        if (!loaded) return "error: " + loaded.error().error.what;
        return *loaded ? std::string((*loaded)->reveal()) : "absent";
    }
    StoreError load_error(const SessionId& id, KeySource source = KeyFileSource{"/keys/hearth"}) {
        auto one = store(std::move(source));
        const auto loaded = one.load(id);
        EXPECT_FALSE(loaded);
        return loaded ? StoreError{} : loaded.error();
    }

    testing::FakeRandom random;
    testing::FakeDocumentFiles files;
};

TEST_F(SealedFile, gives_back_what_was_saved) {
    save(work, "first");
    save(work, "second");
    save(home, "other");
    EXPECT_EQ(load(work), "second");
    EXPECT_EQ(load(home), "other");
    EXPECT_THAT(*store().list(), ElementsAre(home, work));
    ASSERT_TRUE(store().erase(work));
    EXPECT_EQ(load(work), "absent");
    EXPECT_EQ(load(home), "other");
}

TEST_F(SealedFile, takes_long_documents) {
    const std::string text(100UL * 1024, 'x');
    save(work, text);
    EXPECT_EQ(load(work), text);
    EXPECT_EQ(store().save(work, Secret(std::string(5UL << 20U, 'x'))).error().fault, Fault::full);
    EXPECT_EQ(load(work), text);
}

TEST_F(SealedFile, shows_nothing_of_what_is_in_it) {
    save(work, "a token that nobody may read");
    for (const auto& [path, content] : files.contents)
        EXPECT_THAT(content, Not(HasSubstr("token")));
}

TEST_F(SealedFile, is_another_one_at_each_save) {
    save(work, "same");
    const auto before = files.contents[work_file];
    save(work, "same");
    EXPECT_NE(files.contents[work_file], before);
}

TEST_F(SealedFile, is_refused_when_any_bit_of_it_changed) {
    save(work, "document");
    const auto good = files.contents[work_file];
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
        auto& content = files.contents[work_file];
        content = good;
        content[i / 8] = static_cast<char>(content[i / 8] ^ (1 << (i % 8)));
        const auto changed = content;
        const auto error = load_error(work);
        EXPECT_EQ(error.fault, Fault::damaged) << "bit " << i;
        EXPECT_THAT(error.error.what, HasSubstr(work_file));
        EXPECT_EQ(files.contents[work_file], changed) << "damage is left to be looked at";
    }
}

TEST_F(SealedFile, is_refused_at_any_shorter_or_longer_size) {
    save(work, "document");
    const auto good = files.contents[work_file];
    for (std::size_t size = 0; size < good.size(); ++size) {
        files.contents[work_file] = good.substr(0, size);
        EXPECT_EQ(load_error(work).fault, Fault::damaged) << size;
    }
    files.contents[work_file] = good + '\0';
    EXPECT_EQ(load_error(work).fault, Fault::damaged);
}

TEST_F(SealedFile, does_not_open_under_another_name) {
    save(work, "work's");
    save(home, "home's");
    std::swap(files.contents[work_file], files.contents[folder + "/home.sealed"]);
    EXPECT_EQ(load_error(work).fault, Fault::damaged);
    EXPECT_EQ(load_error(home).fault, Fault::damaged);
}

TEST_F(SealedFile, of_a_newer_format_is_refused_and_never_overwritten) {
    save(work, "document");
    files.contents[work_file][14] = 2;
    const auto newer = files.contents[work_file];
    const auto error = load_error(work);
    EXPECT_EQ(error.fault, Fault::damaged);
    EXPECT_THAT(error.error.what, HasSubstr("format 2"));
    EXPECT_THAT(store().save(work, Secret("x")).error().error.what, HasSubstr("format 2"));
    EXPECT_EQ(files.contents[work_file], newer);
    ASSERT_TRUE(store().erase(work));
    EXPECT_FALSE(files.contents.contains(work_file));
}

TEST_F(SealedFile, that_is_damaged_gives_way_to_a_new_sign_in) {
    save(work, "document");
    files.contents[work_file].back() ^= 1;
    save(work, "new");
    EXPECT_EQ(load(work), "new");
}

TEST_F(SealedFile, is_the_old_one_or_the_new_one_after_a_crash) {
    using Crash = testing::FakeDocumentFiles::Crash;
    for (const Crash crash : {Crash::before, Crash::after}) {
        save(work, "old");
        save(home, "untouched");
        files.crash(crash, 0);
        EXPECT_FALSE(store().save(work, Secret("new")));
        EXPECT_TRUE(files.restart());
        EXPECT_EQ(load(work), crash == Crash::before ? "old" : "new");
        EXPECT_EQ(load(home), "untouched");
    }
}

TEST_F(SealedFile, makes_its_first_key_whole_whatever_crash_comes_between) {
    using Crash = testing::FakeDocumentFiles::Crash;
    for (const Crash crash : {Crash::before, Crash::after}) {
        bool crashed = true;
        for (int step = 0; crashed; ++step) {
            ASSERT_LT(step, 20);
            files.contents.clear();
            files.crash(crash, step);
            (void)store().save(work, Secret("lost"));
            crashed = files.restart();
            save(work, "saved");
            EXPECT_EQ(load(work), "saved") << "after a crash at change " << step;
        }
    }
}

TEST_F(SealedFile, is_not_there_before_anything_was_saved) {
    EXPECT_EQ(load(work), "absent");
    EXPECT_TRUE(store(PassphraseSource{}).list()->empty());
    EXPECT_TRUE(files.contents.empty()) << "reading makes nothing";
}

TEST_F(SealedFile, says_that_its_folder_cannot_be_written) {
    files.broken = Error{Remedy::failed, "write /state: Read-only file system", ""};
    const auto probed = store().probe();
    ASSERT_FALSE(probed);
    EXPECT_EQ(probed.error().fault, Fault::unavailable);
    EXPECT_EQ(probed.error().error.remedy, Remedy::store_locked);
    EXPECT_THAT(probed.error().error.what, HasSubstr("Read-only"));
}

TEST_F(SealedFile, leaves_nothing_behind_when_it_is_probed) {
    ASSERT_TRUE(store().probe());
    EXPECT_THAT(*files.names(folder), ElementsAre("key.json"));
}

TEST_F(SealedFile, is_missing_its_key_when_key_json_is_gone) {
    save(work, "document");
    files.contents.erase(key_json);
    const auto error = load_error(work);
    EXPECT_EQ(error.fault, Fault::damaged);
    EXPECT_THAT(error.error.what, HasSubstr(key_json));
    EXPECT_FALSE(files.contents.contains(key_json)) << "a new key would open nothing";
}

TEST_F(SealedFile, refuses_a_key_json_in_which_any_bit_changed) {
    save(work, "document");
    const auto good = files.contents[key_json];
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
        auto& content = files.contents[key_json];
        content = good;
        content[i] = static_cast<char>(content[i] ^ 1);
        auto one = store();
        const auto loaded = one.load(work);
        // A name that is not known any more, or white space, may change nothing.
        if (loaded) continue;
        EXPECT_NE(loaded.error().fault, Fault::locked) << content;
        EXPECT_THAT(loaded.error().error.what, HasSubstr("key.json"));
    }
}

TEST_F(SealedFile, refuses_a_key_json_of_a_newer_format) {
    save(work, "document");
    auto& content = files.contents[key_json];
    content.replace(content.find("\"format\":1"), 10, "\"format\":2");
    EXPECT_THAT(load_error(work).error.what, HasSubstr("format 2"));
    EXPECT_FALSE(store().save(work, Secret("x")));
}

TEST_F(SealedFile, says_that_nobody_has_chosen_its_passphrase_yet) {
    auto one = store(PassphraseSource{});
    EXPECT_TRUE(one.awaits_first_passphrase());
    const auto refused = one.probe();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::locked);
    EXPECT_EQ(refused.error().error.what, "the sealed store has no passphrase yet");
    EXPECT_THAT(refused.error().error.hint, HasSubstr("store.key_file"));
    EXPECT_FALSE(one.unlock(Secret())) << "no passphrase is none";
    EXPECT_TRUE(one.awaits_first_passphrase());
    ASSERT_TRUE(one.unlock(Secret("correct")));
    EXPECT_FALSE(one.awaits_first_passphrase());
    EXPECT_FALSE(store(KeyFileSource{"/keys/other"}).awaits_first_passphrase());
}

class SealedByPassphrase : public SealedFile {
  protected:
    SealedByPassphrase() {
        auto one = store(PassphraseSource{});
        EXPECT_TRUE(one.unlock(Secret("correct")));
        EXPECT_TRUE(one.save(work, Secret("document")));
    }
};

TEST_F(SealedByPassphrase, is_locked_until_the_passphrase_is_given) {
    auto one = store(PassphraseSource{});
    EXPECT_EQ(one.load(work).error().fault, Fault::locked);
    EXPECT_EQ(one.load(work).error().error.hint, "hearth agent unlock");
    EXPECT_EQ(one.save(work, Secret("x")).error().fault, Fault::locked);
    EXPECT_EQ(one.probe().error().fault, Fault::locked);
    ASSERT_TRUE(one.unlock(Secret("correct")));
    EXPECT_EQ((*one.load(work))->reveal(), "document");
}

TEST_F(SealedByPassphrase, tells_a_wrong_passphrase_from_damage) {
    auto one = store(PassphraseSource{});
    const auto unlocked = one.unlock(Secret("wrong"));
    ASSERT_FALSE(unlocked);
    EXPECT_EQ(unlocked.error().fault, Fault::locked);
    EXPECT_EQ(unlocked.error().error.what, "this is not the sealed store's passphrase");
    EXPECT_EQ(one.unlock(Secret()).error().fault, Fault::locked);
    EXPECT_EQ(one.load(work).error().fault, Fault::locked);
}

TEST_F(SealedByPassphrase, stays_open_when_a_wrong_passphrase_is_tried) {
    auto one = store(PassphraseSource{});
    ASSERT_TRUE(one.unlock(Secret("correct")));
    EXPECT_FALSE(one.unlock(Secret("wrong")));
    EXPECT_EQ((*one.load(work))->reveal(), "document");
}

TEST_F(SealedByPassphrase, forgets_the_key_when_it_is_locked) {
    auto one = store(PassphraseSource{});
    ASSERT_TRUE(one.unlock(Secret("correct")));
    one.lock();
    EXPECT_EQ(one.load(work).error().fault, Fault::locked);
    EXPECT_EQ(one.load(home).error().fault, Fault::locked);
    EXPECT_EQ(one.list().error().fault, Fault::locked);
    ASSERT_TRUE(one.unlock(Secret("correct")));
    EXPECT_TRUE(one.load(work));
}

TEST_F(SealedByPassphrase, never_writes_the_passphrase) {
    for (const auto& [path, content] : files.contents)
        EXPECT_THAT(content, Not(HasSubstr("correct")));
}

TEST_F(SealedByPassphrase, is_stretched_by_what_key_json_says) {
    EXPECT_THAT(files.contents[key_json], HasSubstr("\"argon2id_operations\":2"));
    EXPECT_THAT(files.contents[key_json], HasSubstr("\"argon2id_memory\":67108864"));

    // As another hearth may have written it, with other parameters.
    KeyRecord record{.key_id = "0011223344556677",
                     .source = "passphrase",
                     .stretch = {.operations = 3, .memory = 1UL << 20U},
                     .salt = std::string(salt_size, 's'),
                     .wrapped = ""};
    const auto wrapping = stretched(Secret("other"), record.salt, record.stretch);
    record.wrapped = sealed(*wrapping, std::string(seal_key_size, 'k'), record.context(), random);
    files.contents.clear();
    files.contents[key_json] = record.to_text();
    auto one = store(PassphraseSource{});
    EXPECT_FALSE(one.unlock(Secret("correct")));
    ASSERT_TRUE(one.unlock(Secret("other")));
    ASSERT_TRUE(one.save(work, Secret("document")));
    EXPECT_EQ((*one.load(work))->reveal(), "document");
}

TEST_F(SealedFile, takes_a_key_in_each_spelling) {
    const std::string hexadecimal =
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    std::string raw;
    for (char c = 0; c < 32; ++c) raw += c;
    files.contents["/keys/hearth"] = raw;
    save(work, "document");
    for (const std::string& spelling :
         {hexadecimal, hexadecimal + "\n",
          std::string("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"),
          std::string("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")}) {
        files.contents["/keys/hearth"] = spelling;
        EXPECT_EQ(load(work), "document") << spelling;
    }
}

TEST_F(SealedFile, refuses_a_key_file_that_is_not_a_key_or_open_to_others) {
    files.contents["/keys/hearth"] = "too short";
    EXPECT_THAT(store().save(work, Secret("x")).error().error.what, HasSubstr("/keys/hearth"));
    files.contents["/keys/hearth"] = std::string(32, 'k');
    files.open_to_others.insert("/keys/hearth");
    EXPECT_EQ(store().save(work, Secret("x")).error().error.hint, "chmod 600");
    EXPECT_FALSE(files.contents.contains(work_file));
}

TEST_F(SealedFile, does_not_make_a_new_key_file_for_what_an_old_one_sealed) {
    save(work, "document");
    files.contents.erase("/keys/hearth");
    EXPECT_EQ(load_error(work).fault, Fault::unavailable);
    EXPECT_FALSE(store().save(work, Secret("x")));
    EXPECT_FALSE(files.contents.contains("/keys/hearth"));
}

TEST_F(SealedFile, refuses_another_key_file) {
    save(work, "document");
    files.contents["/keys/hearth"] = std::string(32, 'k');
    const auto error = load_error(work);
    EXPECT_EQ(error.fault, Fault::unavailable);
    EXPECT_THAT(error.error.what, HasSubstr("is not the one"));
}

TEST_F(SealedFile, names_the_key_source_that_it_was_made_with) {
    save(work, "document");
    const auto error = load_error(work, PassphraseSource{});
    EXPECT_THAT(error.error.hint, HasSubstr("store.key_source to key_file"));
}

TEST_F(SealedFile, reads_a_descriptor_once) {
    files.descriptors[7] = std::string(32, 'k');
    auto one = store(DescriptorSource{7});
    ASSERT_TRUE(one.save(work, Secret("document")));
    EXPECT_TRUE(files.descriptors.empty());
    EXPECT_EQ((*one.load(work))->reveal(), "document");
    one.lock();
    EXPECT_EQ(one.unlock(Secret()).error().fault, Fault::unavailable);
}

TEST_F(SealedFile, keeps_its_key_in_the_keychain) {
    MemoryStore keychain;
    auto one = store(KeychainSource{&keychain});
    ASSERT_TRUE(one.save(work, Secret("document")));
    ASSERT_EQ(keychain.list()->size(), 1U);
    EXPECT_TRUE(reserved(keychain.list()->front()));
    EXPECT_EQ((*store(KeychainSource{&keychain}).load(work))->reveal(), "document");

    keychain.lock();
    EXPECT_EQ(load_error(work, KeychainSource{&keychain}).fault, Fault::locked);
    ASSERT_TRUE(keychain.unlock(Secret()));
    ASSERT_TRUE(keychain.erase(keychain.list()->front()));
    EXPECT_EQ(load_error(work, KeychainSource{&keychain}).fault, Fault::unavailable);
}

// Lets another process make the first key just before this one does.
class OvertakenFiles : public testing::FakeDocumentFiles {
  public:
    std::function<void()> other;
    Result<bool> create(const std::string& path, std::string_view bytes) override {
        if (path == key_json && other) std::exchange(other, nullptr)();
        return FakeDocumentFiles::create(path, bytes);
    }
};

TEST(SealedFileRace, ends_with_one_key_when_two_processes_make_the_first) {
    testing::FakeRandom random;
    OvertakenFiles files;
    MemoryStore keychain;
    SealedFileStore first(folder, KeychainSource{&keychain}, random, files);
    SealedFileStore second(folder, KeychainSource{&keychain}, random, files);
    files.other = [&] { ASSERT_TRUE(second.save(home, Secret("second's"))); };
    ASSERT_TRUE(first.save(work, Secret("first's")));
    SealedFileStore later(folder, KeychainSource{&keychain}, random, files);
    EXPECT_EQ((*later.load(work))->reveal(), "first's");
    EXPECT_EQ((*later.load(home))->reveal(), "second's");
    EXPECT_EQ(keychain.list()->size(), 1U);
}

}  // namespace
}  // namespace hearth::stores
