package org.smmulator.regs.smmuv3;

import org.junit.jupiter.api.Test;
import org.smmulator.regs.smmuv2.FactTable;

/** Every register and field of the SMMUv3 against Arm IHI 0070 and the kernel's header. */
class EveryFieldTest {
  @Test
  void registers() throws Exception {
    FactTable.check(
        SmmuV3Regs.class,
        """
        IDR0 0x00 S2P 0 S1P 1 TTF 3:2 COHACC 4 HTTU 7:6 HYP 9 ATS 10 NS1ATS 11 ASID16 12 MSI 13 SEV 14
        IDR0 0x00 PRI 16 VMID16 18 CD2L 19 TTENDIAN 22:21 STALL_MODEL 25:24 ST_LVL 28:27
        IDR1 0x04 SIDSIZE 5:0 SSIDSIZE 10:6 PRIQS 15:11 EVTQS 20:16 CMDQS 25:21 ATTR_TYPES_OVR 27
        IDR1 0x04 REL 28 QUEUES_PRESET 29 TABLES_PRESET 30
        IDR3 0x0c FWB 8 RIL 10 BBM 12:11
        IDR5 0x14 OAS 2:0 GRAN4K 4 GRAN16K 5 GRAN64K 6 VAX 11:10 STALL_MAX 31:16
        IIDR 0x18
        AIDR 0x1c
        CR0 0x20 SMMUEN 0 PRIQEN 1 EVTQEN 2 CMDQEN 3 ATSCHK 4
        CR0ACK 0x24
        CR1 0x28 QUEUE_IC 1:0 QUEUE_OC 3:2 QUEUE_SH 5:4 TABLE_IC 7:6 TABLE_OC 9:8 TABLE_SH 11:10
        CR2 0x2c E2H 0 RECINVSID 1 PTM 2
        GBPA 0x44 ABORT 20 UPDATE 31
        IRQ_CTRL 0x50 GERROR 0 PRIQ 1 EVTQ 2
        IRQ_CTRLACK 0x54
        GERROR 0x60 CMDQ_ERR 0 EVTQ_ABT 2 PRIQ_ABT 3 MSI_CMDQ_ABT 4 MSI_EVTQ_ABT 5 MSI_PRIQ_ABT 6
        GERROR 0x60 MSI_GERROR_ABT 7 SFM 8
        GERRORN 0x64
        GERROR_IRQ_CFG0 0x68
        GERROR_IRQ_CFG1 0x70
        GERROR_IRQ_CFG2 0x74
        STRTAB_BASE 0x80
        STRTAB_BASE_CFG 0x88 LOG2SIZE 5:0 SPLIT 10:6 FMT 17:16
        CMDQ_BASE 0x90
        CMDQ_PROD 0x98
        CMDQ_CONS 0x9c ERR 30:24
        EVTQ_BASE 0xa0
        EVTQ_PROD 0xa8
        EVTQ_CONS 0xac
        EVTQ_IRQ_CFG0 0xb0
        EVTQ_IRQ_CFG1 0xb8
        EVTQ_IRQ_CFG2 0xbc
        PRIQ_BASE 0xc0
        PRIQ_PROD 0xc8
        PRIQ_CONS 0xcc
        PRIQ_IRQ_CFG0 0xd0
        PRIQ_IRQ_CFG1 0xd8
        PRIQ_IRQ_CFG2 0xdc
        """);
    FactTable.check(Queue.class, "- BASE_LOG2SIZE 4:0 BASE_ADDR 51:5 BASE_RWA 62");
  }

  @Test
  void commands() throws Exception {
    FactTable.check(
        Cmd.class,
        """
        - OPCODE 7:0 SSV 11 SSID 31:12 SID 63:32 CFGI_LEAF 0 CFGI_RANGE 4:0
        - TLBI_NUM 16:12 TLBI_SCALE 24:20 TLBI_VMID 47:32 TLBI_ASID 63:48
        - TLBI_LEAF 0 TLBI_TTL 9:8 TLBI_TG 11:10 TLBI_VA 63:12
        - ATC_GLOBAL 9 ATC_SIZE 5:0 ATC_ADDR 63:12 PRI_GRPID 8:0 PRI_RESP_CODE 13:12
        - RESUME_RESP 13:12 RESUME_STAG 15:0
        - SYNC_CS 13:12 SYNC_MSH 23:22 SYNC_MSIATTR 27:24 SYNC_MSIDATA 63:32
        """);
  }

  @Test
  void streamTableEntries() throws Exception {
    FactTable.check(
        Ste.class,
        """
        - L1_SPAN 4:0 L1_L2PTR 51:6 V 0 CFG 3:1 S1FMT 5:4 S1CTXPTR 51:6 S1CDMAX 63:59
        - S1DSS 1:0 S1CIR 3:2 S1COR 5:4 S1CSH 7:6 MEV 19 S2FWB 25 S1STALLD 27 EATS 29:28
        - STRW 31:30 SHCFG 45:44 S2VMID 15:0 S2AA64 51 S2ENDI 52 S2PTW 54 S2S 57 S2R 58
        - VTCR_S2T0SZ 37:32 VTCR_S2SL0 39:38 VTCR_S2IR0 41:40 VTCR_S2OR0 43:42 VTCR_S2SH0 45:44
        - VTCR_S2TG 47:46 VTCR_S2PS 50:48 S2TTB 51:4
        """);
  }

  @Test
  void contextDescriptors() throws Exception {
    FactTable.check(
        Cd.class,
        """
        - L1_V 0 L1_L2PTR 51:12 T0SZ 5:0 TG0 7:6 IR0 9:8 OR0 11:10 SH0 13:12 EPD0 14 ENDI 15
        - EPD1 30 V 31 IPS 34:32 TBI0 38 AA64 41 HD 42 HA 43 S 44 R 45 A 46 ASET 47 ASID 63:48
        - TTB0 51:4
        """);
  }
}
