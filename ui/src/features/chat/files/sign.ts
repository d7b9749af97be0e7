import File from '@lucide/svelte/icons/file';
import FileArchive from '@lucide/svelte/icons/file-archive';
import FileAudio from '@lucide/svelte/icons/file-audio';
import FileImage from '@lucide/svelte/icons/file-image';
import FileText from '@lucide/svelte/icons/file-text';
import FileVideo from '@lucide/svelte/icons/file-video';
import Mic from '@lucide/svelte/icons/mic';
import { t } from '../../../lib/i18n/index.svelte.js';
import type { FileFacts } from './facts.js';

const archive = /zip|x-tar|gzip|x-7z|x-rar|x-bzip|x-xz/;
const office = /officedocument|opendocument|msword|ms-excel|ms-powerpoint|rtf/;
const program = /x-msdownload|portable-executable|x-elf|x-executable|x-mach|java-archive|android\.package/;

/** The picture and the word for what a file is. */
export function signOf(kind: FileFacts['kind'], type: string, name: string) {
  switch (kind) {
    case 'image':
      return { icon: FileImage, label: t('files.kind.image') };
    case 'video':
      return { icon: FileVideo, label: t('files.kind.video') };
    case 'audio':
      return { icon: FileAudio, label: t('files.kind.audio') };
    case 'voice':
      return { icon: Mic, label: t('files.kind.voice') };
    case 'pdf':
      return { icon: FileText, label: t('files.kind.pdf') };
    default:
      if (program.test(type)) return { icon: File, label: t('files.kind.program') };
      if (office.test(type) || /\.(docx?|odt|xlsx?|ods|pptx?|odp|rtf)$/i.test(name))
        return { icon: FileText, label: t('files.kind.document') };
      if (archive.test(type)) return { icon: FileArchive, label: t('files.kind.archive') };
      if (type.startsWith('text/')) return { icon: FileText, label: t('files.kind.text') };
      return { icon: File, label: t('files.kind.other') };
  }
}
